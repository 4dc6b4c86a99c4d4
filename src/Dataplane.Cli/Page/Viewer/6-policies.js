// What each policy selects and opens; what a change opened and closed; what a test expected.
'use strict';

(() => {
  const { html, useState } = htmPreact;
  const { Lines, Reason, Verdict } = window.dataplane;

  const MOST_NAMED = 8;

  function Names({ model, ends }) {
    if (ends.length === 0) return html`<span class="nobody">no pod matches now</span>`;
    const names = ends.map(e => model.ends[e].name);
    return html`${names.slice(0, MOST_NAMED).map((n, i) => html`${i > 0 ? ', ' : ''}<code>${n}</code>`)}${
      names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''}`;
  }

  function Policies({ model, filter, hits }) {
    const all = model.document.policies.filter(p => !filter || [p.name, p.file, ...p.selects.map(e => model.ends[e].name)]
      .some(text => text.toLowerCase().includes(filter.toLowerCase())));
    if (all.length === 0) return html`<p>${filter ? `No policy has “${filter}” in its name, its file or its pods.` : 'There is no policy: every pod may reach every other.'}</p>`;
    return html`<div class="policies">${all.map(p => html`<article key=${`${p.kind} ${p.name}`}>
      <h2>${p.name} <small>${p.kind}</small>${hits?.get(p.name) ? html` <small class="hits">${hits.get(p.name)} denied packets named it</small>` : ''}</h2>
      <p>Selects ${p.selector}: <${Names} model=${model} ends=${p.selects} /></p>
      ${p.isolates.map(d => {
        const rules = p.rules.filter(r => r.direction === d.toLowerCase());
        if (p.kind !== 'NetworkPolicy') return html`<p>${d}</p>`;
        return html`<h3>${d}: ${rules.length === 0 ? 'denied, no rule opens anything' : `denied but for ${rules.length === 1 ? 'this rule' : `these ${rules.length} rules`}`}</h3>
          <${Rules} model=${model} rules=${rules} />`;
      })}
      ${p.kind !== 'NetworkPolicy' && html`<${Rules} model=${model} rules=${p.rules} />`}
      <details><summary>${p.file}:${p.line}</summary><${Lines} model=${model} file=${p.file} line=${p.line} before=${12} after=${150} /></details>
    </article>`)}</div>`;
  }

  const Rules = ({ model, rules }) => html`<ul>${rules.map(rule => html`<li>${rule.action === 'allow' ? '' : html`<b>${rule.action}</b> `}
    ${rule.direction === 'ingress' ? 'from' : 'to'} ${rule.peers.map((peer, i) => html`${i > 0 ? ' or ' : ''}<b>${peer.text}</b>${
      peer.text.startsWith('every') || peer.text.startsWith('ipBlock') || peer.text.startsWith('networks') ? '' : html` (<${Names} model=${model} ends=${peer.selects} />)`}`)}${' '}
    on <b>${rule.ports}</b> <small>line ${rule.line}</small></li>`)}</ul>`;

  function Diff({ model, filter }) {
    const diff = model.document.diff;
    const matches = c => !filter || [c.fromText, c.toText, c.ports, ...c.from, ...c.to].some(t => t.toLowerCase().includes(filter.toLowerCase()));
    const nothing = [diff.opened, diff.closed, diff.exposureOpened, diff.exposureClosed].every(l => l.length === 0);
    return html`<div class="diff">
      ${nothing && html`<p class="sentence">No flow opens or closes.</p>`}
      <${Changes} model=${model} title="Opened" kind="opened" changes=${diff.opened.filter(matches)} />
      <${Changes} model=${model} title="Closed" kind="closed" changes=${diff.closed.filter(matches)} />
      <${Changes} model=${model} title="Opened to pods that policies select and that are not loaded" kind="opened" changes=${diff.exposureOpened.filter(matches)} />
      <${Changes} model=${model} title="Closed to pods that policies select and that are not loaded" kind="closed" changes=${diff.exposureClosed.filter(matches)} />
      <h2>Objects</h2>${diff.objects.length === 0 ? html`<p>None differs.</p>` : html`<ul>${diff.objects.map(o => html`<li>
        <span class="change ${o.change}">${o.change}</span>${' '}${o.kind} <b>${o.name}</b>
        <details><summary>${o.file}:${o.line}</summary><${Lines} model=${model} file=${o.file} line=${o.line} before=${12} after=${150} /></details></li>`)}</ul>`}
    </div>`;
  }

  function Changes({ model, title, kind, changes }) {
    if (changes.length === 0) return null;
    return html`<h2>${title}</h2><ul class="changes">${changes.map(c => html`<li class=${kind}
      data-from=${JSON.stringify(c.from)} data-to=${JSON.stringify(c.to)} data-ports=${c.ports} data-families=${c.families.join(' ')}>
      <details open=${changes.length <= 4}><summary><span class="sign" aria-hidden="true">${kind === 'opened' ? '+' : '−'}</span> <b>${c.fromText}</b> → <b>${c.toText}</b>${' '}
        <span class="ports">${c.ports} · ${c.families.join(' and ')}</span></summary>
        ${(c.from.join(', ') !== c.fromText || c.to.join(', ') !== c.toText) && html`<p>${c.from.map(n => html`<code>${n}</code> `)} → ${c.to.map(n => html`<code>${n}</code> `)}</p>`}
        ${c.before && html`<h3>Before: <${Verdict} verdict=${kind === 'opened' ? 'd' : 'a'} /></h3><p class="sentence">${c.before.sentence}</p>`}
        ${c.after ? html`<h3>Now: <${Verdict} verdict=${kind === 'opened' ? 'a' : 'd'} /></h3>
          <${Reason} model=${model} reason=${c.after} from=${c.from[0]} to=${c.to.find(t => t !== c.from[0]) ?? c.to[0]} />`
          : !c.before && html`<p>One end is not loaded: there is no pod to explain it for.</p>`}
      </details></li>`)}</ul>`;
  }

  function Results({ model, filter }) {
    const { document: found, answers } = model.document.test;
    const [all, setAll] = useState(found.failed === 0);
    const rows = found.results.map((r, i) => ({ ...r, answer: answers[i] }))
      .filter(r => (all || !r.ok) && (!filter || `${r.name} ${r.step ?? ''} ${r.file}`.toLowerCase().includes(filter.toLowerCase())));
    return html`<div class="results">
      <p><label><input type="checkbox" checked=${all} onChange=${e => setAll(e.target.checked)} /> also those that hold</label></p>
      ${(found.empty ?? []).map(title => html`<p class="alarm">${title}: nothing to check</p>`)}
      <ul>${rows.map(r => html`<li class=${r.ok ? 'ok' : 'not-ok'} data-ok=${r.ok}>
        <details><summary><span class="sign" aria-hidden="true">${r.ok ? '✓' : '✕'}</span> <b>${r.name}</b>${' '}
          ${r.step ? html` <small>${r.step}</small>` : ''} <span class="ports">wanted ${r.want}, got ${r.got}</span></summary>
        <${Lines} model=${model} file=${r.file} line=${r.line} />
        ${r.because && html`<p class="sentence">${r.because}</p>`}
        ${r.answer && html`<${Reason} model=${model} reason=${r.answer} from="the source" to="the destination" />`}
        </details></li>`)}</ul></div>`;
  }

  Object.assign(window.dataplane, { Policies, Diff, Results });
})();
