// Namespaces as boxes, pods and Services in them, an edge where something may flow. Whoever is selected is shown with
// all ins and outs, and the panel tells the same in words.
'use strict';

(() => {
  const { html, useMemo } = htmPreact;
  const { probeOf } = window.dataplane;

  const MOST_EDGES = 90;

  /** For each pair of nodes, the probes by which one may reach the other: read from the cells. */
  function edgesOf(model, only) {
    const nodeOf = new Map();
    model.document.picture.nodes.forEach((node, i) => node.ends.forEach(end => nodeOf.set(end, i)));
    const edges = new Map();
    for (const block of only ? only.blocks : model.document.blocks) {
      block.cells.forEach((row, r) => {
        const from = nodeOf.get(block.from[r]);
        if (from === undefined) return;
        for (let c = 0; c < row.length; c++) {
          if (row[c] !== 'a' && row[c] !== 'p') continue;
          const to = nodeOf.get(block.to[c]);
          if (to === undefined || to === from) continue;
          const key = `${from}>${to}`;
          const edge = edges.get(key) ?? { from, to, probes: new Set(), isPartial: false };
          edge.probes.add(probeOf(block));
          edges.set(key, edge);
        }
      });
    }
    return [...edges.values()];
  }

  /** The edges of a diff, by the names in its groups. */
  function edgesOfDiff(model) {
    const nodeOf = new Map();
    model.document.picture.nodes.forEach((node, i) => node.ends.forEach(end => nodeOf.set(model.ends[end].name, i)));
    const edges = new Map();
    const add = (changes, kind) => {
      for (const change of changes) for (const f of change.from) for (const t of change.to) {
        const from = nodeOf.get(f), to = nodeOf.get(t);
        if (from === undefined || to === undefined || from === to) continue;
        const key = `${kind} ${from}>${to}`;
        const edge = edges.get(key) ?? { from, to, kind, probes: new Set() };
        edge.probes.add(change.ports);
        edges.set(key, edge);
      }
    };
    add(model.document.diff.opened, 'opened');
    add(model.document.diff.closed, 'closed');
    return [...edges.values()];
  }

  function Picture({ model, group, node, onNode }) {
    const picture = model.document.picture;
    const isDiff = Boolean(model.document.diff);
    const edges = useMemo(() => (isDiff ? edgesOfDiff(model) : edgesOf(model, group)), [model, group]);
    const selected = node === undefined ? -1 : picture.nodes.findIndex(n => n.ends.some(e => model.ends[e].name === node));
    const visible = selected >= 0 ? edges.filter(e => e.from === selected || e.to === selected)
      : edges.length <= MOST_EDGES ? edges : [];
    const touched = new Set(visible.flatMap(e => [e.from, e.to]));
    const count = edges.length;
    return html`<div class="picture">
      <p class="hint">${selected >= 0 ? html`Selected: <b>${picture.nodes[selected].title}</b>. Blue lines leave it, orange ones
        enter it.` : count > MOST_EDGES ? `${count} connections are possible: select a pod to see its own.`
        : isDiff ? 'What opened is a solid green line, what closed a dashed red one.' : 'A line is a connection that is possible. Select a pod to see its own.'}</p>
      <div class="scroll" role="region" aria-label="Picture" tabindex="0">
      <svg width=${picture.width} height=${picture.height} viewBox=${`0 0 ${picture.width} ${picture.height}`}
        role="group" aria-label=${`Picture: ${picture.boxes.length} namespaces, ${picture.nodes.length} nodes, ${count} connections`}>
        <defs>${['out', 'in', 'any', 'opened', 'closed'].map(kind => html`<marker id=${`arrow-${kind}`} class="arrow ${kind}" viewBox="0 0 8 8" refX="7" refY="4"
          markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" /></marker>`)}</defs>
        ${picture.boxes.map(box => html`<g class="box"><rect x=${box.x} y=${box.y} width=${box.width} height=${box.height} rx="8" />
          <text x=${box.x + 10} y=${box.y + 20}>${cut(box.title, Math.floor(box.width / 8))}</text></g>`)}
        ${visible.map(edge => html`<${Edge} picture=${picture} edge=${edge}
          kind=${edge.kind ?? (selected < 0 ? 'any' : edge.from === selected ? 'out' : 'in')} />`)}
        ${picture.nodes.map((n, i) => html`<g class="node ${n.kind} ${i === selected ? 'selected' : ''} ${selected >= 0 && !touched.has(i)
          ? 'apart' : ''}" role="button" tabindex="0" aria-pressed=${i === selected ? 'true' : 'false'}
          aria-label=${`${n.kind} ${n.title}`} onClick=${() => onNode(i === selected ? '' : model.ends[n.ends[0]].name)}
          onKeyDown=${e => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); onNode(i === selected ? '' : model.ends[n.ends[0]].name); } }}>
          <rect x=${n.x} y=${n.y} width=${n.width} height=${n.height} rx=${n.kind === 'service' ? 13 : 4} />
          <text x=${n.x + n.width / 2} y=${n.y + 17} text-anchor="middle">${cut(n.title, 24)}</text>
          <title>${n.ends.map(e => model.ends[e].name).join(', ')}</title></g>`)}
      </svg></div></div>`;
  }

  /** From border to border, bent so that lines between neighbours do not lie on each other. */
  function Edge({ picture, edge, kind }) {
    const a = picture.nodes[edge.from], b = picture.nodes[edge.to];
    const [ax, ay, bx, by] = [a.x + a.width / 2, a.y + a.height / 2, b.x + b.width / 2, b.y + b.height / 2];
    const isColumn = Math.abs(ax - bx) < a.width;
    const goesRight = bx > ax;
    const right = Math.max(a.x + a.width, b.x + b.width);
    const x1 = isColumn ? a.x + a.width : goesRight ? a.x + a.width : a.x;
    const x2 = isColumn ? b.x + b.width : goesRight ? b.x : b.x + b.width;
    const bend = isColumn ? right - Math.min(a.x + a.width, b.x + b.width) + 20 + Math.abs(ay - by) / 8 : Math.max(24, Math.abs(x2 - x1) / 2);
    const out = isColumn || goesRight ? bend : -bend, into = isColumn ? bend : goesRight ? -bend : bend;
    const shift = edge.from < edge.to ? -3 : 3;
    return html`<path class="edge ${kind}" marker-end=${`url(#arrow-${kind})`}
      d=${`M${x1},${ay + shift} C${x1 + out},${ay + shift} ${x2 + into},${by + shift} ${x2},${by + shift}`}><title>${
      `${a.title} → ${b.title}: ${[...edge.probes].join(', ')}`}</title></path>`;
  }

  const cut = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join('')}…` : text);

  /** The ins and outs of one endpoint, in words. */
  function NodeDetail({ model, name, onCell, onClose }) {
    const end = model.places.get(name);
    const found = useMemo(() => (end === undefined ? null : neighbours(model, end)), [model, end]);
    if (!found) return null;
    const list = (title, entries, isOut) => html`<h3>${title}</h3>${entries.length === 0 ? html`<p>nobody</p>`
      : html`<ul class="neighbours">${entries.map(e => html`<li><button type="button" class="link"
        onClick=${() => onCell(e.group, isOut ? end : e.ends[0], isOut ? e.ends[0] : end)}>${model.label(e.ends)}</button>${' '}
        <span class="ports">${e.titles.join(', ')}</span></li>`)}</ul>`}`;
    const own = model.ends[end];
    const policies = model.document.policies.filter(p => p.selects.includes(end));
    return html`<div class="cell-detail">
      <button type="button" class="close" onClick=${onClose} aria-label="Close">×</button>
      <h2>${model.label(model.document.picture.nodes.find(n => n.ends.includes(end))?.ends ?? [end])}</h2>
      <p>${[...own.labels, ...own.addresses].map(text => html`<code>${text}</code> `)}</p>
      ${!model.document.diff && html`${list('May reach', found.out, true)}${list('Reached by', found.in, false)}`}
      <h3>Selected by</h3>${policies.length === 0 ? html`<p>no policy: everything may reach it, and it may reach everything
        that others let in</p>` : html`<ul>${policies.map(p => html`<li><b>${p.name}</b> ${p.isolates.join(', ')}</li>`)}</ul>`}
    </div>`;
  }

  function neighbours(model, end) {
    const sides = { out: new Map(), in: new Map() };
    const add = (map, other, group, block) => {
      const entry = map.get(other) ?? { end: other, group, titles: new Set() };
      entry.titles.add(probeOf(block));
      map.set(other, entry);
    };
    for (const group of model.groups) for (const block of group.blocks) {
      const r = block.from.indexOf(end), c = block.to.indexOf(end);
      if (r >= 0) block.to.forEach((to, i) => { if (to !== end && 'ap'.includes(block.cells[r][i])) add(sides.out, to, group, block); });
      if (c >= 0) block.from.forEach((from, i) => { if (from !== end && 'ap'.includes(block.cells[i][c])) add(sides.in, from, group, block); });
    }
    // Replicas that are reached by the same ports are one line.
    const sorted = map => {
      const lines = new Map();
      for (const e of map.values()) {
        const titles = [...e.titles];
        const key = `${model.ends[e.end].workload ?? e.end} ${titles}`;
        const line = lines.get(key) ?? { ends: [], group: e.group, titles };
        line.ends.push(e.end);
        lines.set(key, line);
      }
      return [...lines.values()].sort((a, b) => (model.ends[a.ends[0]].name < model.ends[b.ends[0]].name ? -1 : 1));
    };
    return { out: sorted(sides.out), in: sorted(sides.in) };
  }

  Object.assign(window.dataplane, { Picture, NodeDetail, neighbours });
})();
