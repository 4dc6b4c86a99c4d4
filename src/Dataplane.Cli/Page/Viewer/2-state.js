// What is looked at, kept in the fragment of the address: a link shows the same again. The token of `ui` comes in it
// too, and leaves it at once, so that no link carries it on.
'use strict';

(() => {
  const read = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  let listener = () => {};

  const state = {
    get: read,

    /** Changes some values; empty ones go. A step that `back` undoes, where it is another view or cell. */
    set(values, isStep = true) {
      const next = { ...read(), ...values };
      for (const key of Object.keys(next)) if (next[key] === '' || next[key] == null) delete next[key];
      const hash = '#' + new URLSearchParams(next);
      if (hash === location.hash) return;
      history[isStep ? 'pushState' : 'replaceState'](null, '', hash);
      listener();
    },

    listen(to) {
      listener = to;
      addEventListener('popstate', to);
      addEventListener('hashchange', to);
    },

    /** The token that the program printed; kept for this tab only. */
    token() {
      const { token, ...rest } = read();
      if (token) {
        sessionStorage.setItem('dataplane-token', token);
        history.replaceState(null, '', '#' + new URLSearchParams(rest));
      }
      return sessionStorage.getItem('dataplane-token');
    },
  };

  window.dataplane.state = state;
})();
