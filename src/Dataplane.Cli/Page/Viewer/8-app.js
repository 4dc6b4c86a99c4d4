// The page: title, views, the panel, and where its data comes from.
'use strict';

(() => {
  const { html, render, useState, useEffect, useMemo, useReducer } = htmPreact;
  const { Model, probeOf, Matrix, Legend, Picture, NodeDetail, Policies, Diff, Results, Flows, Cell, Live, Status, state } = window.dataplane;

  function viewsOf(document, live) {
    const views = [];
    if (document.diff) views.push(['diff', 'Diff']);
    if (document.test) views.push(['results', 'Results']);
    if (document.blocks?.length > 0 || live) views.push(['matrix', 'Matrix']);
    if (document.blocks?.length > 0 || document.diff || live) views.push(['picture', 'Picture']);
    if (live) views.push(['flows', 'Flows']);
    views.push(['policies', 'Policies']);
    return views;
  }

  function headline(model) {
    const d = model.document;
    const n = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;
    if (d.diff) return `${n(d.diff.opened.length + d.diff.exposureOpened.length, 'group')} of flows opened, ${d.diff.closed.length + d.diff.exposureClosed.length} closed`;
    if (d.test) return `${d.test.document.passed} passed, ${d.test.document.failed} failed`;
    const pods = n(d.ends.filter(e => e.kind === 'pod').length, 'pod');
    if (d.summary) return `${pods}, ${n(d.summary.flows, 'flow')} measured: ${d.summary.agree} as the policies say, ${d.summary.disagree} different, ${d.summary.undecided} undecided`;
    return `${pods}, ${d.policies.length === 1 ? '1 policy' : `${d.policies.length} policies`}`;
  }

  const problems = model => (model.document.summary ? model.document.summary.disagree + model.document.summary.undecided
    : model.document.test ? model.document.test.document.failed : 0);

  /** Asked for on every change of colours, so that what is drawn follows. */
  function useTheme() {
    const [theme, setTheme] = useState(0);
    useEffect(() => {
      const query = matchMedia('(prefers-color-scheme: dark)');
      const change = () => setTheme(t => t + 1);
      query.addEventListener('change', change);
      return () => query.removeEventListener('change', change);
    }, []);
    return theme;
  }

  function App({ document: data, live, changed }) {
    const model = useMemo(() => new Model(data), [data]);
    const [, redraw] = useReducer(n => n + 1, 0);
    useEffect(() => state.listen(redraw), []);
    const theme = useTheme();
    const at = state.get();
    const views = viewsOf(data, live);
    const view = views.some(v => v[0] === at.view) ? at.view : views[0][0];
    // After a change other probes may say the same: the first of the title is still somewhere.
    const first = at.probe?.split(/[,·;]/)[0].trim();
    const group = model.groups.find(g => g.title === at.probe)
      ?? model.groups.find(g => g.blocks.some(b => probeOf(b) === first)) ?? model.groups[0];
    const [from, to] = [model.places.get(at.from), model.places.get(at.to)];
    const selected = from !== undefined && to !== undefined && group && model.verdict(group.shown, from, to) !== '-' ? { from, to } : null;
    const name = headline(model);
    const wrong = problems(model);
    useEffect(() => {
      window.document.title = `${wrong > 0 ? `(${wrong}) ` : ''}dataplane ${data.kind}: ${name}`;
    }, [name, wrong]);
    const select = (f, t, g) => state.set({ from: model.ends[f].name, to: model.ends[t].name, node: '', ...(g ? { probe: g.title } : {}) });
    const close = () => state.set({ from: '', to: '', node: '' });
    useEffect(() => {
      const escape = e => { if (e.key === 'Escape') close(); };
      addEventListener('keydown', escape);
      return () => removeEventListener('keydown', escape);
    }, []);
    const folded = view === 'matrix' && group;
    return html`
      <a class="skip" href="#main" onClick=${e => { e.preventDefault(); window.document.getElementById('main').focus(); }}>To the content</a>
      <header>
        <h1>${wrong > 0 && html`<span class="badge" title="flows that are not as the policies say">${wrong}</span> `}dataplane ${data.kind === 'ui' ? '' : data.kind}</h1>
        <p class="headline">${name}</p>
        ${live ? html`<${Status} live=${live} />` : html`<p class="made"><code>${data.command}</code> <small>${data.version.split('+')[0]}</small></p>`}
        ${data.control && html`<p class="alarm">Control failed: ${data.control}; nothing here can be trusted.</p>`}
        ${data.sample && html`<p class="note">A sample of ${data.sample.sampled} of ${data.sample.of} flows, seed ${data.sample.seed}; it covers ${data.sample.covered} of ${data.sample.decisions} compiled decisions.</p>`}
        ${data.notes.map(note => html`<p class="note">${note}</p>`)}
      </header>
      <nav aria-label="Views">${views.map(([id, title]) => html`<a href=${`#${new URLSearchParams({ ...at, view: id })}`}
        aria-current=${id === view ? 'page' : undefined}>${title}</a>`)}</nav>
      <div class="tools">
        ${(view === 'matrix' || view === 'picture') && model.groups.length > 0 && html`<label>Port <select onChange=${e => state.set({ probe: e.target.value })}>
          ${view === 'picture' && html`<option value="" selected=${!at.probe}>any</option>`}
          ${model.groups.map(g => html`<option value=${g.title} selected=${g === group && (view === 'matrix' || at.probe)}>${g.title}</option>`)}</select></label>`}
        ${view !== 'picture' && html`<label>Filter <input type="search" value=${at.q ?? ''} placeholder="name or label"
          onInput=${e => state.set({ q: e.target.value }, false)} /></label>`}
        ${folded && html`<label><input type="checkbox" checked=${at.fold !== '0'}
          onChange=${e => state.set({ fold: e.target.checked ? '' : '0' })} /> one row for those that answer alike</label>`}
      </div>
      <div class="columns">
        <main id="main" tabindex="-1">
          ${view === 'matrix' && (group ? html`<${Legend} model=${model} />${!selected && html`<p class="hint">Each row is a source, each column a destination. Select a cell to see why.</p>`}<${Matrix} model=${model} group=${group} filter=${at.q} fold=${at.fold}
            selected=${selected} onSelect=${select} changed=${changed} theme=${theme} />` : html`<p>There is no flow to show yet.</p>`)}
          ${view === 'picture' && html`<${Picture} model=${model} group=${at.probe ? group : null} node=${at.node} onNode=${n => state.set({ node: n, from: '', to: '' })} />`}
          ${view === 'policies' && html`<${Policies} model=${model} filter=${at.q} hits=${live?.hits} />`}
          ${view === 'diff' && html`<${Diff} model=${model} filter=${at.q} />`}
          ${view === 'results' && html`<${Results} model=${model} filter=${at.q} />`}
          ${view === 'flows' && html`<${Flows} live=${live} filter=${at.q} />`}
        </main>
        ${(view === 'matrix' || view === 'picture') && html`<aside aria-label="Why">${selected ? html`<${Cell} model=${model} group=${group} from=${selected.from} to=${selected.to}
          ask=${live ? (b, f, t) => live.why(b, f, t) : null} onClose=${close} />`
          : at.node ? html`<${NodeDetail} model=${model} name=${at.node} onCell=${(g, f, t) => select(f, t, g)} onClose=${close} />`
          : null}</aside>`}
      </div>`;
  }

  /** Cells that differ between two documents, to be marked. */
  function changesBetween(old, now) {
    const changed = new Set();
    if (!old) return changed;
    const before = new Map();
    for (const b of old.blocks) b.from.forEach((f, r) => b.to.forEach((t, c) => before.set(
      `${b.protocol} ${b.port} ${b.family} ${old.ends[f].name}>${old.ends[t].name}`, b.cells[r][c])));
    for (const b of now.blocks) b.from.forEach((f, r) => b.to.forEach((t, c) => {
      const was = before.get(`${b.protocol} ${b.port} ${b.family} ${now.ends[f].name}>${now.ends[t].name}`);
      if (was !== undefined && was !== b.cells[r][c]) changed.add(`${f}>${t}`);
    }));
    return changed;
  }

  const root = document.getElementById('app');
  const data = document.getElementById('data');
  // Nothing that is inside #app is replaced by accident: the page has one root.
  root.textContent = '';
  const show = (shown, live, changed) => render(html`<${App} document=${shown} live=${live} changed=${changed} />`, root);
  window.dataplane.show = show;
  if (data) {
    show(JSON.parse(data.textContent));
  } else {
    let shown = null, changed = new Set(), isDue = false;
    const live = new Live(state.token(), () => {
      if (live.document !== shown) {
        changed = changesBetween(shown, live.document);
        shown = live.document;
      }
      // Many events in one frame are drawn once.
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        if (shown) show(shown, live, changed);
        else render(html`<header><h1>dataplane</h1><${Status} live=${live} /></header>`, root);
      });
    });
    window.dataplane.live = live;
    live.run();
  }
})();
