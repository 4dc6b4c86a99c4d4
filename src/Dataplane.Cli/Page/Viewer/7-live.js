// The carrier of `dataplane ui`: the document and the events come from the program that printed this page's address.
// Nothing is sent but questions.
'use strict';

(() => {
  const { html, useState } = htmPreact;
  const { state, words } = window.dataplane;

  /** Largest number of flows that are kept: older ones go. */
  const MOST_FLOWS = 1000;

  class Live {
    constructor(token, onChange) {
      Object.assign(this, { token, onChange, flows: [], cut: [], hits: new Map(), status: 'connecting', document: null, changes: 0 });
    }

    ask(path) {
      return fetch(path, { headers: { Authorization: `Bearer ${this.token}` }, cache: 'no-store' });
    }

    async run() {
      for (let pause = 250; ; pause = Math.min(pause * 2, 5000)) {
        try {
          const answer = await this.ask('/events');
          if (answer.status === 401) {
            this.say('refused');
            return;
          }
          if (answer.ok) {
            pause = 250;
            await this.read(answer.body);
          }
        } catch {
          // The program has ended, or the machine slept: asked again.
        }
        this.say('lost');
        await new Promise(done => setTimeout(done, pause));
      }
    }

    /** Events as the HTML standard has them: `event:` and `data:` lines, an empty line behind each. */
    async read(body) {
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        text += value;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const event = Object.fromEntries(text.slice(0, end).split('\n').filter(l => l.includes(': '))
            .map(l => [l.slice(0, l.indexOf(': ')), l.slice(l.indexOf(': ') + 2)]));
          text = text.slice(end + 2);
          if (event.event) this.take(event.event, JSON.parse(event.data));
        }
      }
    }

    take(event, data) {
      if (event === 'flow') this.flow(data);
      else if (event === 'state') {
        this.status = data.status;
        this.problem = data.problem;
        if (data.cut?.length > 0) this.cut = [...data.cut, ...this.cut].slice(0, 200);
        if (data.status === 'here') this.fetch(data.version);
      }
      this.onChange();
    }

    flow(flow) {
      // Denied ones first: they are kept when there is no room for all.
      this.flows.unshift(flow);
      if (this.flows.length > MOST_FLOWS) {
        const last = this.flows.findLastIndex(f => f.verdict === 'allowed');
        this.flows.splice(last >= 0 ? last : this.flows.length - 1, 1);
      }
      if (flow.verdict === 'denied' && flow.policy) this.hits.set(flow.policy, (this.hits.get(flow.policy) ?? 0) + flow.count);
    }

    /** One document at a time: what changes meanwhile is in the next. */
    async fetch(version) {
      this.wanted = version;
      if (this.isFetching) return;
      this.isFetching = true;
      try {
        while (this.wanted !== this.version) {
          const asked = this.wanted;
          const answer = await this.ask('/data');
          if (!answer.ok) break;
          this.document = await answer.json();
          this.version = asked;
          this.changes++;
          this.onChange();
        }
      } catch {
        // The stream says so, too.
      }
      this.isFetching = false;
    }

    async why(block, from, to) {
      const query = new URLSearchParams({ from: String(from), to: String(to), protocol: block.protocol, port: block.port,
        family: block.family, generation: this.document.generation });
      const answer = await this.ask(`/why?${query}`);
      return answer.ok ? answer.json() : 'the state has changed meanwhile';
    }

    say(status) {
      this.status = status;
      this.onChange();
    }
  }

  const texts = {
    connecting: 'connecting …', here: 'live', away: 'the daemon is away; what it enforced stays enforced. Waiting for it …',
    lost: 'dataplane ui has ended; start it again and open the address it prints', refused: 'this address has no valid token: open the one that dataplane ui printed',
  };

  const Status = ({ live }) => html`<p class="status ${live.status}" role="status">${texts[live.status] ?? live.status}${
    live.problem ? html` <b class="alarm">${live.problem}</b>` : ''}</p>`;

  const place = (name, port) => (port ? `${name?.includes(':') ? `[${name}]` : name}:${port}` : name);

  function Flows({ live, filter }) {
    const [only, setOnly] = useState('denied first');
    const text = f => [f.from, f.to, f.policy, f.protocol, String(f.port), f.service].join(' ').toLowerCase();
    let flows = live.flows.filter(f => !filter || text(f).includes(filter.toLowerCase()));
    if (only === 'denied') flows = flows.filter(f => f.verdict === 'denied');
    if (only === 'denied first') flows = [...flows.filter(f => f.verdict !== 'allowed'), ...flows.filter(f => f.verdict === 'allowed')];
    return html`<div class="flows">
      <p>${['denied first', 'newest first', 'denied'].map(o => html`<label><input type="radio" name="order" checked=${o === only}
        onChange=${() => setOnly(o)} /> ${o === 'denied' ? 'denied only' : o}</label> `)}</p>
      ${live.cut.length > 0 && html`<h2>Connections that changes have cut</h2><ul>${live.cut.slice(0, 20).map(c => html`<li>
        <b>${place(c.from, c.sourcePort)}</b> → <b>${place(c.to, c.port)}</b> ${c.protocol}</li>`)}</ul>`}
      <h2>Flows</h2>
      ${flows.length === 0 ? html`<p>None yet. New connections and denied packets appear here.</p>` : html`<div class="scroll" role="region" aria-label="Flows" tabindex="0"><table>
        <thead><tr>${['Time', 'From', 'To', 'Protocol', 'Verdict', 'Why'].map(h => html`<th scope="col">${h}</th>`)}</tr></thead>
        <tbody>${flows.slice(0, 300).map(f => html`<tr class=${f.verdict}><td>${new Date(f.time).toLocaleTimeString()}</td>
          <td>${place(f.from, f.sourcePort)}</td><td>${place(f.to, f.port)}</td><td>${f.protocol}</td>
          <td>${f.verdict === 'lost' ? `${f.count} could not be told` : f.verdict.toUpperCase()}${f.count > 1 && f.verdict !== 'lost' ? ` ×${f.count}` : ''}</td>
          <td>${f.policy ? `${f.policy} ${f.file ? `${f.file}:${f.line}` : ''}` : f.reason ?? ''}${f.service ? ` by service:${f.service}` : ''}</td></tr>`)}</tbody></table></div>`}
    </div>`;
  }

  Object.assign(window.dataplane, { Live, Status, Flows });
})();
