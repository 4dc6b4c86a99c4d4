// What the viewer knows: the document that the program wrote, and questions about it. Nothing is decided here: a
// verdict is the letter that the document has for a cell.
'use strict';

(() => {
  const words = {
    a: 'allowed', d: 'denied', r: 'refused', p: 'partial', u: 'unknown', '-': 'no such flow',
  };

  /** The title of a block: TCP 80, ICMP. */
  const probeOf = block => (block.port === 0 ? block.protocol : `${block.protocol} ${block.port}`);

  /**
   * Blocks that are shown as one: the families of a probe where no cell contradicts another, and then all probes whose
   * cells are the same. `shown` has a cell where any of the blocks has one.
   */
  function groupBlocks(blocks) {
    const probes = new Map();
    for (const block of blocks) {
      const known = probes.get(probeOf(block)) ?? [];
      const same = known.find(group => united(group.shown, block));
      if (same) {
        same.shown = united(same.shown, block);
        same.blocks.push(block);
      } else {
        known.push({ blocks: [block], shown: block });
      }
      probes.set(probeOf(block), known);
    }
    const groups = new Map();
    for (const group of [...probes.values()].flat()) {
      const { from, to, cells, expected } = group.shown;
      const key = JSON.stringify([from, to, cells, expected]);
      const same = groups.get(key);
      if (same) same.blocks.push(...group.blocks);
      else groups.set(key, group);
    }
    return [...groups.values()].map(group => ({ ...group, title: titleOf(group.blocks) }));
  }

  /** One block with the cells of both; null where they contradict each other. */
  function united(one, other) {
    if (Boolean(one.expected) !== Boolean(other.expected)) return null;
    const merge = (a, b) => [...a, ...b.filter(end => !a.includes(end))];
    const from = merge(one.from, other.from), to = merge(one.to, other.to);
    const at = block => {
      const rows = new Map(block.from.map((end, i) => [end, i])), columns = new Map(block.to.map((end, i) => [end, i]));
      return (lines, f, t) => lines?.[rows.get(f)]?.[columns.get(t)] ?? '-';
    };
    const [first, second] = [at(one), at(other)];
    let contradicts = false;
    const lines = of => from.map(f => to.map(t => {
      const a = first(one[of], f, t), b = second(other[of], f, t);
      if (a !== '-' && b !== '-' && a !== b) contradicts = true;
      return a === '-' ? b : a;
    }).join(''));
    const cells = lines('cells'), expected = one.expected && lines('expected');
    return contradicts ? null : { ...one, from, to, cells, expected };
  }

  /** TCP 80, UDP 53 · IPv4 and IPv6. */
  function titleOf(blocks) {
    const families = new Map();
    for (const block of blocks) {
      const probe = probeOf(block);
      families.set(probe, [...(families.get(probe) ?? []), block.family]);
    }
    const probes = new Map();
    for (const [probe, of] of families) {
      const text = of.join(' and ');
      probes.set(text, [...(probes.get(text) ?? []), probe]);
    }
    return [...probes].map(([of, names]) => `${names.join(', ')} · ${of}`).join('; ');
  }

  /**
   * Ends that answer alike: whoever is asked, and whoever asks them, the verdict is the same. Each class is a row and a
   * column; without `kindOf` each end is its own, else only ends of one kind are put together.
   */
  function classesOf(block, kindOf) {
    const rows = new Map(block.from.map((end, i) => [end, i]));
    const columns = new Map(block.to.map((end, i) => [end, i]));
    const cell = (from, to) => {
      const r = rows.get(from), c = columns.get(to);
      if (r === undefined || c === undefined) return '-';
      return block.cells[r][c] + (block.expected?.[r][c] ?? '');
    };
    const all = [...new Set([...block.from, ...block.to])];
    const classes = [];
    if (!kindOf) {
      for (const end of all) classes.push([end]);
    } else {
      // The first members of classes with the same counts are compared, cell by cell.
      const byCount = new Map();
      for (const end of all) {
        const key = signature(end);
        const known = byCount.get(key) ?? [];
        const same = known.find(members => alike(members[0], end));
        if (same) {
          same.push(end);
          continue;
        }
        const members = [end];
        classes.push(members);
        known.push(members);
        byCount.set(key, known);
      }
    }
    return {
      rows: classes.filter(c => rows.has(c[0])),
      columns: classes.filter(c => columns.has(c[0])),
      at: (row, column) => {
        // Between the members of one class counts what one says of another.
        const to = row === column && row.length > 1 ? row[1] : column[0];
        const r = rows.get(row[0]), c = columns.get(to);
        return { verdict: block.cells[r][c], expected: block.expected?.[r][c], from: row[0], to };
      },
    };

    // How many of each verdict: those that answer alike have the same, whatever they say of themselves.
    function signature(end) {
      const counts = {};
      for (const other of all) {
        if (other === end) continue;
        const key = cell(end, other) + '/' + cell(other, end);
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return JSON.stringify([kindOf(end), rows.has(end), columns.has(end), Object.entries(counts).sort()]);
    }

    function alike(one, other) {
      if (cell(one, other) !== cell(other, one) || cell(one, one) !== cell(other, other)) return false;
      // A pod to itself is always allowed; of several that are one, the cell is from one to another.
      for (const end of all) {
        if (end === one || end === other) continue;
        if (cell(one, end) !== cell(other, end) || cell(end, one) !== cell(end, other)) return false;
      }
      // A third member says the same of both, so that one cell may speak for all pairs inside the class.
      const members = classes.find(c => c.includes(one));
      return members.length < 2 || cell(members[0], members[1]) === cell(one, other);
    }
  }

  class Model {
    constructor(document) {
      this.document = document;
      this.ends = document.ends ?? [];
      this.groups = groupBlocks(document.blocks ?? []);
      this.places = new Map(this.ends.map((end, i) => [end.name, i]));
      this.disagreements = this.count((verdict, expected) => expected !== undefined && expected !== '-'
        && verdict !== expected && verdict !== 'u');
      this.undecided = this.count(verdict => verdict === 'u');
    }

    count(is) {
      let sum = 0;
      for (const block of this.document.blocks ?? []) {
        block.cells.forEach((row, r) => {
          for (let c = 0; c < row.length; c++) if (is(row[c], block.expected?.[r][c])) sum++;
        });
      }
      return sum;
    }

    /** The letter of a cell; '-' where there is none. */
    verdict(block, from, to) {
      const r = block.from.indexOf(from), c = block.to.indexOf(to);
      return r < 0 || c < 0 ? '-' : block.cells[r][c];
    }

    expected(block, from, to) {
      const r = block.from.indexOf(from), c = block.to.indexOf(to);
      return r < 0 || c < 0 ? undefined : block.expected?.[r][c];
    }

    /** The reason that the document has for a cell; null: none. */
    reason(block, from, to) {
      const r = block.from.indexOf(from), c = block.to.indexOf(to);
      const found = this.document.reasons?.[block.reasons?.[r]?.[c] ?? -1];
      return found ? {
        sentence: found.sentence,
        leaving: this.document.sides[found.leaving],
        entering: this.document.sides[found.entering],
      } : null;
    }

    fact(block, from, to) {
      const r = block.from.indexOf(from), c = block.to.indexOf(to);
      return this.document.facts?.[block.facts?.[r]?.[c] ?? -1] ?? null;
    }

    /** The lines of a file around one; null where the document has none of them. */
    lines(file, line, before = 3, after = before) {
      const part = (this.document.files ?? []).find(p => p.file === file && line >= p.line
        && line < p.line + p.lines.length);
      if (!part) return null;
      const first = Math.max(part.line, line - before);
      const last = Math.min(part.line + part.lines.length - 1, line + after);
      const lines = [];
      for (let n = first; n <= last; n++) lines.push({ number: n, text: part.lines[n - part.line], is: n === line });
      return lines;
    }

    /** Rows and columns that stand for several are named by their workload, or by the first. */
    label(members) {
      const first = this.ends[members[0]];
      if (members.length === 1) return first.name;
      const workload = first.workload;
      const whole = workload && members.every(m => this.ends[m].workload === workload)
        && this.ends.filter(e => e.workload === workload).length === members.length;
      return whole ? `${workload} ×${members.length}` : `${first.name} +${members.length - 1}`;
    }

    /** The command that tells the same in a terminal. */
    command(block, from, to) {
      const name = end => this.ends[end].name.split(' → ')[0];
      const port = block.port === 0 ? block.protocol.toLowerCase() : `${block.protocol.toLowerCase()}/${block.port}`;
      const parts = ['dataplane', 'why', quoted(name(from)), quoted(name(to)), '--port', port,
        '--family', block.family === 'IPv6' ? '6' : '4'];
      return parts.join(' ') + (this.document.input ? ` ${this.document.input}` : '');
    }
  }

  const quoted = word => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

  window.dataplane = { Model, classesOf, probeOf, titleOf, quoted, words };
})();
