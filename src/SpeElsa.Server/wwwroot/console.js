// What the operator's console does in the browser: calls the API, shows times and clocks, and comes back after a loss of the server.
const parse = async response => ({ status: response.status, text: await response.text() });
const lost = () => ({ status: 0, text: '' });

export const send = (method, path, body, key) => fetch(path, {
  method,
  headers: { ...(body === null ? {} : { 'Content-Type': 'application/json' }), ...(key === null ? {} : { 'Idempotency-Key': key }) },
  body,
}).then(parse, lost);

export const upload = async (input, path) => {
  const answers = [];
  for (const file of input.files) {
    answers.push(await fetch(`${path}?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file }).then(parse, lost));
  }
  input.value = '';
  return answers;
};

export const instant = local => new Date(local).toISOString();

// A time in the reader's zone, with UTC on hover. It draws itself, so that it is right whoever draws around it.
class LocalTime extends HTMLElement {
  static observedAttributes = ['datetime', 'form'];

  connectedCallback() {
    this.attachShadow({ mode: 'open' });
    this.draw();
  }

  attributeChangedCallback() {
    if (this.shadowRoot) {
      this.draw();
    }
  }

  draw() {
    const date = new Date(this.getAttribute('datetime'));
    const time = document.createElement('time');
    time.dateTime = date.toISOString();
    time.title = `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    const isToday = date.toDateString() === new Date().toDateString();
    const day = isToday && this.getAttribute('form') !== 'full' ? {} : { year: 'numeric', month: '2-digit', day: '2-digit' };
    time.textContent = new Intl.DateTimeFormat('sv-SE', { ...day, hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(date);
    this.shadowRoot.replaceChildren(time);
  }
}

// A clock that runs on from what the server last said.
class RunningClock extends HTMLElement {
  static observedAttributes = ['seconds'];

  connectedCallback() {
    this.begin();
    this.timer = setInterval(() => this.draw(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  attributeChangedCallback() {
    this.begin();
  }

  begin() {
    this.origin = performance.now() - 1000 * Number(this.getAttribute('seconds'));
    this.draw();
  }

  draw() {
    const seconds = Math.max(0, Math.floor((performance.now() - this.origin) / 1000));
    const two = number => String(number).padStart(2, '0');
    if (!this.shadowRoot) {
      this.attachShadow({ mode: 'open' });
    }
    this.shadowRoot.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }
}

customElements.define('local-time', LocalTime);
customElements.define('running-clock', RunningClock);

// A row of the journal leads to its step, which opens.
const openStep = () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector('details')?.setAttribute('open', '');
addEventListener('hashchange', openStep);

// What was typed and not sent is there again after a reload that the reader did not ask for; a password or a secret is kept nowhere.
const draftKey = () => `draft:${location.pathname}`;
const draftable = 'textarea:not([autocomplete="off"]), select:not([multiple]), input:not([type="password"], [type="file"], [type="search"], [autocomplete="off"])';
const fieldName = field => {
  const group = field.closest('article, form');
  const label = field.id || field.getAttribute('aria-label') || field.closest('label')?.firstChild?.textContent.trim() || field.name;
  return [group?.getAttribute('aria-labelledby') ?? group?.getAttribute('aria-label') ?? '', label, field.type, field.type === 'radio' ? field.value : ''].join('/');
};
const fields = () => [...document.querySelectorAll('main[data-live] :is(textarea, select, input)')].filter(field => field.matches(draftable) && !field.readOnly && !field.disabled);
const isTicked = field => field.type === 'checkbox' || field.type === 'radio';
const typed = new Set();
addEventListener('input', event => event.target.matches?.(draftable) && typed.add(event.target), true);
const keepDraft = () => {
  const kept = [...typed].filter(field => field.isConnected && fields().includes(field)).map(field => [fieldName(field), isTicked(field) ? field.checked : field.value]);
  if (kept.length > 0) {
    const focus = document.activeElement?.matches(draftable) ? fieldName(document.activeElement) : null;
    sessionStorage.setItem(draftKey(), JSON.stringify({ kept, focus }));
  }
};

// Some fields come later than the page, or when something is opened: each gets its own when it appears.
const bringDraft = () => {
  const stored = sessionStorage.getItem(draftKey());
  if (stored === null) {
    return;
  }
  sessionStorage.removeItem(draftKey());
  const { kept, focus } = JSON.parse(stored);
  const waits = new Map(kept);
  const path = location.pathname;
  const bring = () => {
    if (location.pathname !== path || waits.size === 0) {
      observer.disconnect();
      return;
    }
    for (const field of fields()) {
      const name = fieldName(field);
      const value = waits.get(name);
      if (value !== undefined) {
        waits.delete(name);
        field[isTicked(field) ? 'checked' : 'value'] = value;
        typed.add(field);
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
        if (name === focus) {
          field.focus();
          // A page that has just become live takes the focus to its heading.
          addEventListener('focusin', event => event.target.tagName === 'H1' && field.focus(), { once: true });
        }
      }
    }
  };
  const observer = new MutationObserver(bring);
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-live'] });
  bring();
};
bringDraft();

// The page comes back by itself: the server still knows it, or it is loaded again.
const notice = document.getElementById('connection');
let waiting = null;
const comeBack = async () => {
  try {
    const answer = await fetch('/health/live', { cache: 'no-store' });
    if (answer.status < 500 && !(await Blazor.reconnect())) {
      keepDraft();
      location.reload();
    }
  } catch {
    // Not yet.
  }
};
const handler = {
  onConnectionDown: () => {
    notice.hidden = false;
    waiting ??= setInterval(comeBack, 1500);
  },
  onConnectionUp: () => {
    notice.hidden = true;
    clearInterval(waiting);
    waiting = null;
  },
};
Blazor.start({ circuit: { reconnectionHandler: handler } });
