// What the viewer knows: the document that the program wrote, and questions about it. Nothing is decided here: a
// verdict is the letter that the document has for a cell.
'use strict';

(() => {
  const words = {
    a: 'allowed', d: 'denied', r: 'refused', p: 'partial', u: 'unknown', '-': 'no such flow',
  };

  /** The title of a block: TCP 80, ICMP. */
  const probeOf = block => (block.port === 0 ? block.protocol : `${block.protocol} ${block.port}`);

  /** Blocks whose cells are the same, one behind the other: they are shown as one. */
  function groupBlocks(blocks) {
    const groups = new Map();
    blocks.forEach((block, index) => {
      const key = JSON.stringify([block.from, block.to, block.cells, block.expected]);
      const group = groups.get(key) ?? { blocks: [], indexes: [], key: null };
      group.blocks.push(block);
      group.indexes.push(index);
      groups.set(key, group);
    });
    return [...groups.values()].map(group => ({ ...group, title: titleOf(group.blocks) }));
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
   * column; without `fold` each end is its own.
   */
  function classesOf(block, fold) {
    const rows = new Map(block.from.map((end, i) => [end, i]));
    const columns = new Map(block.to.map((end, i) => [end, i]));
    const cell = (from, to) => {
      const r = rows.get(from), c = columns.get(to);
      if (r === undefined || c === undefined) return '-';
      return block.cells[r][c] + (block.expected?.[r][c] ?? '');
    };
    const all = [...new Set([...block.from, ...block.to])];
    const classes = [];
    if (!fold) {
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
      return JSON.stringify([rows.has(end), columns.has(end), Object.entries(counts).sort()]);
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
    lines(file, line, around = 3) {
      const part = (this.document.files ?? []).find(p => p.file === file && line >= p.line
        && line < p.line + p.lines.length);
      if (!part) return null;
      const first = Math.max(part.line, line - around);
      const last = Math.min(part.line + part.lines.length - 1, line + around);
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

  window.dataplane = { Model, classesOf, probeOf, quoted, words };
})();
