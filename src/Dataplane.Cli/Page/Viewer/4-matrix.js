// Who reaches whom. Up to 60 rows and columns it is a table: arrow keys move, Enter selects, a screen reader says
// both ends and the verdict. What answers alike is one row where there are more; if that is still too much, it is drawn.
'use strict';

(() => {
  const { html, useState, useEffect, useRef, useMemo, useCallback } = htmPreact;
  const { classesOf, words, signs, differs } = window.dataplane;

  const MOST = 60;

  const shown = (verdict, expected, isItself) => (isItself && verdict === 'a' && !differs(verdict, expected) ? '-' : verdict);

  function spoken(model, from, to, verdict, expected) {
    const text = `${model.label(from)} to ${model.label(to)}: ${words[verdict]}`;
    return differs(verdict, expected) ? `${text}, but the policies say ${words[expected]}` : text;
  }

  function Matrix(props) {
    const { model, group, filter, fold } = props;
    const block = group.shown;
    // Replicas that answer alike are one row, as in the terminal; of many ends, whoever answers alike.
    const few = block.from.length <= MOST && block.to.length <= MOST;
    const classes = useMemo(() => classesOf(block, fold === '0' ? null
      : few ? end => model.ends[end].workload ?? end : end => model.ends[end].kind), [block, fold, model]);
    const matches = members => !filter || members.some(m => matchesEnd(model.ends[m], filter));
    const rows = classes.rows.filter(matches), columns = classes.columns.filter(matches);
    // A filter keeps whoever matches, with all others at the other end.
    const grid = { rows, columns: classes.columns, at: classes.at };
    const incoming = filter ? { rows: classes.rows, columns, at: classes.at } : null;
    if (filter && rows.length + columns.length === 0) return html`<p>Nobody's name or label has “${filter}” in it.</p>`;
    return html`
      ${incoming && columns.length > 0 && html`<h2>Who reaches “${filter}”</h2>
        <${Grid} ...${props} grid=${incoming} />`}
      ${filter && rows.length > 0 && html`<h2>Whom “${filter}” reaches</h2>`}
      ${grid.rows.length > 0 && html`<${Grid} ...${props} grid=${grid} />`}`;
  }

  const matchesEnd = (end, filter) => [end.name, ...(end.labels ?? [])]
    .some(text => text.toLowerCase().includes(filter.toLowerCase()));

  const Grid = props => (props.grid.rows.length * props.grid.columns.length <= MOST * MOST
    ? html`<${Table} ...${props} />` : html`<${Drawn} ...${props} />`);

  /** The place of the cursor, and what keys do to it. */
  function useCursor(grid, selected, onSelect) {
    const [at, setAt] = useState([0, 0]);
    const [r, c] = [Math.min(at[0], grid.rows.length - 1), Math.min(at[1], grid.columns.length - 1)];
    const onKeyDown = event => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      let next = null;
      if (step) next = [r + step[0], c + step[1]];
      else if (event.key === 'Home') next = [event.ctrlKey ? 0 : r, 0];
      else if (event.key === 'End') next = [event.ctrlKey ? grid.rows.length - 1 : r, grid.columns.length - 1];
      else if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        const cell = grid.at(grid.rows[r], grid.columns[c]);
        if (cell.verdict !== '-') onSelect(cell.from, cell.to);
        return;
      } else return;
      event.preventDefault();
      setAt([Math.max(0, Math.min(next[0], grid.rows.length - 1)), Math.max(0, Math.min(next[1], grid.columns.length - 1))]);
    };
    return { r, c, setAt, onKeyDown };
  }

  function Table({ model, grid, selected, onSelect, changed, group }) {
    const cursor = useCursor(grid, selected, onSelect);
    const table = useRef(null);
    const moved = useRef(false);
    useEffect(() => {
      if (moved.current) table.current?.querySelector('td[tabindex="0"]')?.focus();
      moved.current = false;
    }, [cursor.r, cursor.c]);
    const onKeyDown = event => {
      moved.current = true;
      cursor.onKeyDown(event);
    };
    const onClick = event => {
      const td = event.target.closest('td[data-r]');
      if (!td) return;
      const [r, c] = [Number(td.dataset.r), Number(td.dataset.c)];
      cursor.setAt([r, c]);
      const cell = grid.at(grid.rows[r], grid.columns[c]);
      if (cell.verdict !== '-') onSelect(cell.from, cell.to);
    };
    return html`<div class="scroll" role="region" aria-label="Matrix" tabindex="0">
      <table class="matrix" role="grid" ref=${table} onKeyDown=${onKeyDown} onClick=${onClick}
        aria-label=${`Who reaches whom, ${group.title}. Rows are sources, columns destinations.`}>
        <thead><tr><td class="corner"><span>from ↓ to →</span></td>${grid.columns.map(column => html`<th scope="col"
          data-ends=${column.join(' ')} title=${model.label(column)}><span>${model.label(column)}</span></th>`)}</tr></thead>
        <tbody>${grid.rows.map((row, r) => html`<${Row} key=${row[0]} model=${model} grid=${grid} row=${row} r=${r}
          c=${cursor.r === r ? cursor.c : -1} selected=${selected && row.includes(selected.from) ? selected.to : -1}
          changed=${changed} />`)}</tbody>
      </table></div>`;
  }

  function Row({ model, grid, row, r, c, selected, changed }) {
    return html`<tr><th scope="row" data-ends=${row.join(' ')}>${model.label(row)}</th>${grid.columns.map((column, i) => {
      const { verdict, expected, from, to } = grid.at(row, column);
      const isItself = row === column && row.length === 1;
      const wrong = differs(verdict, expected);
      const kind = shown(verdict, expected, isItself);
      return html`<td role="gridcell" class="${kind === '-' ? 'none' : kind} ${wrong ? 'differs' : ''} ${column.includes(selected)
        ? 'selected' : ''} ${changed?.has(`${from}>${to}`) ? 'changed' : ''}" tabindex=${i === c ? 0 : -1} data-r=${r}
        data-c=${i} data-verdict=${words[verdict]} data-expected=${expected ? words[expected] : undefined}
        aria-selected=${column.includes(selected) ? 'true' : 'false'}
        aria-label=${spoken(model, row, column, verdict, expected)}>${kind === '-' ? '–' : signs[kind]}</td>`;
    })}</tr>`;
  }

  /** Whom each row or column stands for, by place. */
  const places = classes => classes.map(c => c.join(' ')).join('|');

  const order = ['a', 'd', 'r', 'p', 'u', '-'];

  /** Too many for a table: a canvas. The line below says what the cursor is at; keys move it as in the table. */
  function Drawn({ model, grid, selected, onSelect, group, theme }) {
    const cursor = useCursor(grid, selected, onSelect);
    const canvas = useRef(null);
    const [over, setOver] = useState(null);
    const size = Math.max(4, Math.min(14, Math.floor(1500 / Math.max(grid.rows.length, grid.columns.length))));
    useEffect(() => {
      draw(canvas.current, grid, size, selected, [cursor.r, cursor.c]);
    }, [grid.rows, grid.columns, grid.at, size, selected?.from, selected?.to, cursor.r, cursor.c, theme, group]);
    const place = event => {
      const box = canvas.current.getBoundingClientRect();
      return [Math.floor((event.clientY - box.top) / size), Math.floor((event.clientX - box.left) / size)];
    };
    const inside = ([r, c]) => r >= 0 && c >= 0 && r < grid.rows.length && c < grid.columns.length;
    const [r, c] = over ?? [cursor.r, cursor.c];
    const cell = grid.at(grid.rows[r], grid.columns[c]);
    return html`<div>
      <p class="spoken" role="status" aria-live="polite">${spoken(model, grid.rows[r], grid.columns[c], cell.verdict, cell.expected)}</p>
      <p class="hint">${grid.rows.length} × ${grid.columns.length}: each square is one flow, rows are sources. Point, or use
        the arrow keys; Enter opens. A name in the filter makes it a table.</p>
      <div class="scroll drawn" role="region" aria-label="Matrix">
      <canvas ref=${canvas} tabindex="0" role="application" data-size=${size} data-rows=${places(grid.rows)} data-columns=${places(grid.columns)}
        aria-label=${`Who reaches whom, ${group.title}, ${grid.rows.length} by ${grid.columns.length}`}
        width=${grid.columns.length * size} height=${grid.rows.length * size} onKeyDown=${e => { setOver(null); cursor.onKeyDown(e); }}
        onMouseMove=${e => { const at = place(e); if (inside(at)) setOver(at); }} onMouseLeave=${() => setOver(null)}
        onClick=${e => {
          const at = place(e);
          if (!inside(at)) return;
          cursor.setAt(at);
          const found = grid.at(grid.rows[at[0]], grid.columns[at[1]]);
          if (found.verdict !== '-') onSelect(found.from, found.to);
        }}></canvas></div></div>`;
  }

  function draw(canvas, grid, size, selected, at) {
    const style = getComputedStyle(document.documentElement);
    const colours = Object.fromEntries(order.map(v => [v, style.getPropertyValue(`--cell-${v === '-' ? 'none' : v}`).trim()]));
    const ink = style.getPropertyValue('--ink').trim(), ground = style.getPropertyValue('--ground').trim();
    const context = canvas.getContext('2d');
    const gap = size > 5 ? 1 : 0;
    context.fillStyle = ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const verdict of order) {
      context.fillStyle = colours[verdict];
      grid.rows.forEach((row, r) => grid.columns.forEach((column, c) => {
        const cell = grid.at(row, column);
        if (cell.verdict !== verdict) return;
        // Shape beside colour: what is denied is smaller.
        const inset = verdict === 'a' || size < 6 ? 0 : Math.floor(size / 4);
        context.fillRect(c * size + inset, r * size + inset, size - gap - 2 * inset, size - gap - 2 * inset);
      }));
    }
    context.strokeStyle = ink;
    grid.rows.forEach((row, r) => grid.columns.forEach((column, c) => {
      const cell = grid.at(row, column);
      if (differs(cell.verdict, cell.expected)) {
        context.beginPath();
        context.moveTo(c * size, (r + 1) * size);
        context.lineTo((c + 1) * size, r * size);
        context.stroke();
      }
    }));
    context.lineWidth = 2;
    context.strokeRect(at[1] * size, at[0] * size, size, size);
    if (selected) {
      const r = grid.rows.findIndex(row => row.includes(selected.from));
      const c = grid.columns.findIndex(column => column.includes(selected.to));
      if (r >= 0 && c >= 0) context.strokeRect(c * size - 1, r * size - 1, size + 2, size + 2);
    }
  }

  function Legend({ model }) {
    const found = new Set((model.document.blocks ?? []).flatMap(b => b.cells.flatMap(row => [...row])));
    return html`<ul class="legend" aria-label="Legend">${order.filter(v => v !== '-' && found.has(v)).map(v => html`<li><span
      class="key ${v}" aria-hidden="true">${signs[v]}</span> ${words[v]}</li>`)}
      ${model.disagreements > 0 && html`<li><span class="key d differs" aria-hidden="true">!</span> the kernel disagrees with the policies</li>`}
      <li><span class="key none" aria-hidden="true">–</span> itself, or no such flow</li></ul>`;
  }

  Object.assign(window.dataplane, { Matrix, Legend, matchesEnd, MOST });
})();
