// The panel beside every view: one cell with its verdict, its reason, both sides, the lines of YAML, and the packet.
'use strict';

(() => {
  const { html, useState, useEffect } = htmPreact;
  const { words, probeOf, titleOf } = window.dataplane;

  const signs = { a: '●', d: '✕', r: '⊘', p: '◐', u: '?', '-': '' };

  /** True if the kernel did something else than policies say. */
  const differs = (verdict, expected) => expected !== undefined && expected !== '-' && verdict !== expected;

  function Verdict({ verdict, expected }) {
    const wrong = differs(verdict, expected);
    return html`<span class="verdict ${verdict} ${wrong ? 'differs' : ''}"><span class="sign"
      aria-hidden="true">${signs[verdict]}</span> ${words[verdict].toUpperCase()}</span>`;
  }

  /** Lines of a file, one of them marked. */
  function Lines({ model, file, line, before, after }) {
    const lines = model.lines(file, line, before, after);
    return html`<figure class="lines">
      <figcaption>${file}:${line}</figcaption>
      ${lines && html`<pre tabindex="0" aria-label=${`${file}, lines around ${line}`}>${lines.map(l => html`<span
        class="line ${l.is ? 'is' : ''}"><span class="number">${l.number}</span>${l.text}${'\n'}</span>`)}</pre>`}
    </figure>`;
  }

  // Without what objects have by birth: a word may be any.
  const bases = Object.assign(Object.create(null), {
    notSelectable: 'no policy selects it: it is the node, or outside the pod network',
    itself: 'a pod always reaches itself',
    nodeTraffic: 'the node and its pods always reach each other',
    notIsolated: 'no policy isolates it in this direction',
    ruleAllows: 'a rule allows it',
    ruleDenies: 'a rule denies it',
    noRuleAllows: 'isolated, and no rule allows it',
  });

  function Side({ model, side, name }) {
    const rule = side.decidedBy;
    return html`<section class="side">
      <h3>${side.side} ${name} <${Verdict} verdict=${side.verdict === 'allowed' ? 'a' : 'd'} /></h3>
      <p>${bases[side.basis] ?? side.basis}${side.isolatedBy.length > 0 && html`; isolated by ${side.isolatedBy.map((p, i) =>
        html`${i > 0 ? ', ' : ''}<b>${p.name}</b>`)}`}</p>
      ${rule && html`<p>${rule.direction} rule ${rule.rule + 1} of <b>${rule.name}</b>${rule.action
        ? ` (${rule.tier}: ${rule.action})` : ''} decides:</p>
        <${Lines} model=${model} file=${rule.file} line=${rule.line} before=${2} after=${12} />`}
      ${!rule && side.isolatedBy.map(p => html`<${Lines} model=${model} file=${p.file} line=${p.line} before=${0} after=${14} />`)}
      ${side.nearest?.length > 0 && html`<p>What came nearest to allowing it:</p>
        <ul>${side.nearest.slice(0, 3).map(n => html`<li><b>${n.name}</b> wants <b>${n.failed}</b>
          <${Lines} model=${model} file=${n.file} line=${n.line} before=${1} after=${3} /></li>`)}</ul>`}
    </section>`;
  }

  function Reason({ model, reason, from, to }) {
    const both = reason.leaving.verdict === 'denied' && reason.entering.verdict === 'denied';
    return html`<p class="sentence">${reason.sentence}${both && '. (The other side denies it too.)'}</p>
      <${Side} model=${model} side=${reason.leaving} name=${from} />
      <${Side} model=${model} side=${reason.entering} name=${to} />`;
  }

  function Copy({ text }) {
    const [said, setSaid] = useState('');
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(text);
        setSaid('copied');
      } catch {
        setSaid('select it and copy: the browser does not allow it here');
      }
    };
    useEffect(() => setSaid(''), [text]);
    return html`<p class="command"><code>${text}</code>
      <button type="button" onClick=${copy}>Copy as command</button> <span role="status">${said}</span></p>`;
  }

  /** @param group the blocks of a title; @param members whom the row and the column stand for. */
  function Cell({ model, group, from, to, ask, onClose }) {
    const blocks = group.blocks.filter(b => model.verdict(b, from, to) !== '-');
    const block = blocks[0];
    const verdict = model.verdict(block, from, to), expected = model.expected(block, from, to);
    const known = model.reason(block, from, to);
    const [asked, setAsked] = useState(null);
    const isService = model.ends[to].kind === 'service';
    useEffect(() => {
      setAsked(null);
      if (known || !ask || isService) return undefined;
      let isCurrent = true;
      ask(block, from, to).then(answer => isCurrent && setAsked(answer), () => isCurrent && setAsked('no answer'));
      return () => { isCurrent = false; };
    }, [model, block, from, to]);
    const reason = known ?? asked;
    const [source, destination] = [model.ends[from], model.ends[to]];
    return html`<div class="cell-detail">
      <button type="button" class="close" onClick=${onClose} aria-label="Close">×</button>
      <h2>${source.name} → ${destination.name}</h2>
      <p class="asked">${titleOf(blocks)}</p>
      <p><${Verdict} verdict=${verdict} expected=${expected} /></p>
      ${differs(verdict, expected) && html`<p class="alarm">The policies say ${words[expected]}; the kernel
        ${verdict === 'u' ? ' gave no clear answer' : ` did the other: ${words[verdict]}`}.</p>`}
      ${blocks.some(b => model.fact(b, from, to)) && html`<h3>${model.document.kind === 'verify'
        ? 'The packet' : 'Behind it'}</h3><ul class="facts">${[...new Set(blocks.map(b => model.fact(b, from, to)))]
        .filter(f => f).slice(0, 6).map(f => html`<li>${f}</li>`)}</ul>`}
      ${typeof reason === 'string' ? html`<p>${reason}</p>`
        : reason && html`<${Reason} model=${model} reason=${reason} from=${source.name} to=${destination.name} />`}
      <${Ends} model=${model} ends=${[from, to]} />
      <h3>In a terminal</h3>
      <${Copy} text=${model.command(block, from, to)} />
    </div>`;
  }

  function Ends({ model, ends }) {
    return html`<dl class="ends">${[...new Set(ends)].map(e => model.ends[e]).filter(e => e.labels.length + e.addresses.length > 0)
      .map(end => html`<dt>${end.name}</dt><dd>${[...end.labels, ...end.addresses].map(text => html`<code>${text}</code> `)}</dd>`)}
    </dl>`;
  }

  Object.assign(window.dataplane, { Verdict, Lines, Reason, Cell, Copy, differs, signs, probeOf });
})();
