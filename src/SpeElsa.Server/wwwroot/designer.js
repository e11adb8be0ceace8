// Puts Elsa Studio's elements into the page, gives them the signed-in user's token and keeps it fresh, and gives each place an address.
const api = `${location.origin}/elsa/api`;
const room = document.getElementById('designer');
const bar = document.getElementById('designer-bar');
const messages = document.getElementById('designer-messages');
const refreshBeforeExpiryMs = 120_000;
const stillRunning = new Set(['Pending', 'Executing', 'Suspended', 'Interrupted']);
let session = null;

const views = {
  definitions: { tag: 'elsa-workflow-definition-list', path: () => '/designer', setUp: element => { element.editWorkflowDefinition = id => go('definition', id); } },
  definition: { tag: 'elsa-workflow-definition-editor', path: id => `/designer/definitions/${encodeURIComponent(id)}`, attribute: 'definition-id' },
  instances: { tag: 'elsa-workflow-instance-list', path: () => '/designer/instances', setUp: element => { element.viewWorkflowInstance = id => go('instance', id); } },
  instance: {
    tag: 'elsa-workflow-instance-viewer',
    path: id => `/designer/instances/${encodeURIComponent(id)}`,
    attribute: 'instance-id',
    setUp: element => { element.editWorkflowDefinition = id => go('definition', id); },
  },
};

// A place is a page of its own, so that Studio, which keeps one state for the whole page, begins afresh in it.
function go(view, id) {
  location.assign(views[view].path(id));
}

// Where Studio changes the address itself: after a run, and when a definition is saved under another name.
const push = history.pushState.bind(history);
history.pushState = (state, title, url) => {
  const path = url ? new URL(url, document.baseURI).pathname : '';
  const run = /^\/designer\/workflows\/instances\/([^/]+)\/view$/.exec(path);
  const edit = /^\/designer\/workflows\/definitions\/([^/]+)\/edit$/.exec(path);
  if (run) {
    go('instance', decodeURIComponent(run[1]));
  } else if (edit) {
    go('definition', decodeURIComponent(edit[1]));
  } else {
    push(state, title, url);
  }
};

function say(text, kind, ...actions) {
  const message = document.createElement('div');
  message.className = `message ${kind}`;
  message.setAttribute('role', kind === 'bad' ? 'alert' : 'status');
  const words = document.createElement('p');
  words.textContent = text;
  message.append(words, ...actions);
  messages.append(message);
  return message;
}

function button(text, className, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = className;
  element.textContent = text;
  element.addEventListener('click', async () => {
    element.disabled = true;
    try {
      await act();
    } catch (error) {
      say(error.message, 'bad');
    } finally {
      element.disabled = false;
    }
  });
  return element;
}

// Studio knows no answer but yes to some of its calls, and breaks down at a refusal without a word. The reason is told above it.
const speechless = new Set([403, 409]);
const request = globalThis.fetch.bind(globalThis);
globalThis.fetch = async (resource, options) => {
  const response = await request(resource, options);
  const url = typeof resource === 'string' || resource instanceof URL ? String(resource) : resource.url;
  if (!speechless.has(response.status) || !url.startsWith(api) || options?.headers?.['X-Asked-By'] === 'frame') {
    return response;
  }
  const problem = await response.clone().json().catch(() => ({}));
  const reasons = problem.errors ? Object.values(problem.errors).flat().join(' ') : '';
  say(reasons || problem.detail || (response.status === 403 ? 'You may not do that. Ask an administrator for a role that allows it.' : problem.title || 'The server refused that.'), 'bad');
  const method = options?.method ?? resource.method ?? 'GET';
  // A delete that was refused: Studio reads the list again and sees that nothing is gone.
  return method === 'DELETE' ? new Response(null, { status: 204 }) : response;
};

async function signIn() {
  const response = await fetch('/designer/token', { method: 'POST', headers: { 'X-Requested-With': 'SpeElsa' } });
  if (response.status === 401) {
    location.assign(`/sign-in?returnUrl=${encodeURIComponent(location.pathname)}`);
    return new Promise(() => {});
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail ?? `You may not use the designer (${response.status}). Ask an administrator for the role viewer or designer.`);
  }
  session = await response.json();
  const wait = Math.max(10_000, new Date(session.expiresAt) - Date.now() - refreshBeforeExpiryMs);
  setTimeout(renew, wait);
}

// Studio copies the token when an element starts; a new provider element is what gives it the next one.
async function renew() {
  try {
    await signIn();
    room.append(provider());
  } catch (error) {
    say(`The session could not be renewed: ${error.message}`, 'bad', button('Sign in again', '', () => location.reload()));
  }
}

function provider() {
  const element = document.createElement('elsa-backend-provider');
  element.setAttribute('remote-endpoint', api);
  element.setAttribute('access-token', session.accessToken);
  return element;
}

async function call(path, method = 'GET', body = undefined) {
  const response = await fetch(`${api}/${path}`, {
    method,
    headers: { Authorization: `Bearer ${session.accessToken}`, 'X-Asked-By': 'frame', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail || problem.title || `The server answered ${response.status}.`);
  }
  return response.status === 204 || response.headers.get('content-length') === '0' ? null : response.json().catch(() => null);
}

const may = permission => session.permissions.some(held => held === '*' || held === permission || (held === 'read:*' && permission.startsWith('read:')));

// What the page says above a run: where it stands, and what can be done. Studio's viewer has no buttons for it.
async function showRun(id) {
  const status = Object.assign(document.createElement('span'), { className: 'status' });
  status.setAttribute('role', 'status');
  const space = Object.assign(document.createElement('span'), { className: 'space' });
  const retry = button('Retry what failed', '', async () => { await call(`workflow-instances/${encodeURIComponent(id)}/retry`, 'POST'); await update(); });
  const cancel = button('Cancel this run', 'danger', async () => {
    if (confirm('Cancel this run? It ends where it stands; nothing is undone.')) {
      await call(`cancel/workflow-instances/${encodeURIComponent(id)}`, 'POST');
      await update();
    }
  });
  const back = Object.assign(document.createElement('a'), { href: '/designer/instances', textContent: 'All runs' });
  const definition = document.createElement('a');
  bar.append(back, status, definition, space, retry, cancel);
  bar.hidden = false;
  async function update() {
    const run = await call(`workflow-instances/${encodeURIComponent(id)}`);
    const incidents = run.incidentCount ? `, ${run.incidentCount} incident${run.incidentCount === 1 ? '' : 's'}` : '';
    status.textContent = `${run.name || id}: ${run.subStatus}${incidents}`;
    definition.textContent = `version ${run.version} of its workflow`;
    definition.href = views.definition.path(run.definitionId);
    retry.hidden = run.subStatus !== 'Faulted' || !may('write:workflow-instances');
    cancel.hidden = !stillRunning.has(run.subStatus) || !may('cancel:workflow-instances');
    return run;
  }
  const run = await update();
  let last = run.updatedAt;
  setInterval(async () => {
    try {
      const state = await call(`workflow-instances/${encodeURIComponent(id)}/execution-state`);
      if (state.updatedAt !== last) {
        last = state.updatedAt;
        await update();
      }
    } catch {
      status.textContent = 'The server can not be reached; this page goes on by itself when it can.';
      last = null;
    }
  }, 2000);
}

// Lets the reader choose between the file and what is stored. Both hashes go along, so that what changed since the reader looked is not overwritten.
function showFileConflict(id, { state, file, fileHash, storedHash, differences, differenceCount }) {
  const decide = choice => async () => {
    await call(`workflow-definitions/${encodeURIComponent(id)}/file-conflict/${choice}`, 'POST', { fileHash, storedHash });
    location.reload();
  };
  const list = document.createElement('details');
  list.append(
    Object.assign(document.createElement('summary'), { textContent: `${differenceCount} difference${differenceCount === 1 ? '' : 's'}` }),
    Object.assign(document.createElement('pre'), { textContent: JSON.stringify(differences, null, 2) }));
  const actions = may('write:workflow-definitions')
    ? [...may('publish:workflow-definitions') ? [button('Take the file', '', decide('take-file'))] : [], button('Keep what is here', 'quiet', decide('keep-stored'))]
    : [];
  say(
    state === 'Conflict'
      ? `The file ${file} and what was changed in the designer have gone apart. Nothing was overwritten. Choose which one goes on.`
      : `The file ${file} was changed and has not been taken yet.`,
    'bad',
    list,
    ...actions);
}

// What publishing would find, without publishing. Studio shows errors only, and only when a publication was refused.
function showCheck(id) {
  let last = null;
  bar.append(
    Object.assign(document.createElement('a'), { href: '/designer', textContent: 'All workflows' }),
    Object.assign(document.createElement('span'), { className: 'space' }),
    button('Check', 'quiet', async () => {
      const { canPublish, findings } = await call(`workflow-definitions/${encodeURIComponent(id)}/check?versionOptions=Latest`);
      const list = document.createElement('ul');
      list.append(...findings.map(finding => Object.assign(document.createElement('li'), { textContent: finding.message })));
      last?.remove();
      last = say(
        !canPublish ? 'As it is saved it can not be published:' : findings.length > 0 ? 'It can be published. Look at this first:' : 'Nothing was found wrong with it as it is saved.',
        canPublish ? '' : 'bad',
        list);
    }));
  bar.hidden = false;
}

// Says what the reader may do with a definition, and where it and its file have gone apart.
async function showDefinition(id) {
  const definition = await call(`workflow-definitions/by-definition-id/${encodeURIComponent(id)}?versionOptions=Latest`);
  showCheck(id);
  if (!may('write:workflow-definitions')) {
    say('You may look at this workflow, but not change it. The role designer allows that.', '');
  } else if (definition.isReadonly) {
    say('This workflow is read-only here: it is defined by code or marked as read-only.', '');
  }
  try {
    const standing = await call(`workflow-definitions/${encodeURIComponent(id)}/file-conflict`);
    if (standing.state === 'Conflict' || standing.state === 'FileChanged') {
      showFileConflict(id, standing);
    }
  } catch (error) {
    // The editor works without it: saving and publishing are guarded by the server.
    say(`How this workflow and its file stand could not be read: ${error.message}`, 'bad');
  }
}

async function show() {
  const { view: name, id } = room.dataset;
  const view = views[name];
  await signIn();
  if (name === 'instance') {
    await showRun(id);
  } else if (name === 'definition') {
    await showDefinition(id);
  }
  // An element starts as soon as it is made, not when it is shown. One that starts before the provider has told where the server is breaks at once,
  // so the provider is made first, and has to have started.
  await Promise.all([view.tag, 'elsa-backend-provider'].map(tag => customElements.whenDefined(tag)));
  const backend = provider();
  room.replaceChildren(backend);
  await backend._addRootComponentPromise;
  const element = document.createElement(view.tag);
  if (view.attribute) {
    element.setAttribute(view.attribute, id);
  }
  room.append(element);
  view.setUp?.(element);
  if (name === 'definition' || name === 'instance') {
    showWhole();
  }
}

// A graph opens as large as life in its middle. Whoever opens a large one wants to see the whole first; Studio's own button does that.
// On a slow machine the drawing still grows, or is put into the middle, after it has shown: it is looked at until it rests, unless somebody has taken hold of it.
function showWhole() {
  const boxes = () => [...room.querySelectorAll('.x6-node .elsa-activity')].map(node => node.getBoundingClientRect());
  const isCut = () => {
    const canvas = room.querySelector('.graph-container').getBoundingClientRect();
    return boxes().some(box => box.left < canvas.left || box.right > canvas.right || box.top < canvas.top || box.bottom > canvas.bottom);
  };
  let taken = false;
  for (const event of ['pointerdown', 'wheel', 'keydown']) {
    room.addEventListener(event, click => { taken ||= click.isTrusted; }, { once: true, capture: true, passive: true });
  }
  const settle = (button, looks, before) => setTimeout(() => {
    const now = boxes().map(box => `${box.x} ${box.y} ${box.width}`).join();
    if (taken || looks === 0 || (now === before && !isCut())) {
      room.dataset.whole = '';
      return;
    }
    if (now === before) {
      button.click();
    }
    settle(button, looks - 1, now);
  }, 300);
  const fit = 'M6,16h12V8H6V16z';
  const observer = new MutationObserver(() => {
    const button = room.querySelector(`button:has(path[d^="${fit}"])`);
    if (button && room.querySelector('.x6-node elsa-activity-wrapper .activity-label')) {
      observer.disconnect();
      settle(button, 50, '');
    }
  });
  observer.observe(room, { childList: true, subtree: true });
}

// The code editors have a palette of their own.
globalThis.require?.(['vs/editor/editor.main'], () => {
  const paint = () => monaco.editor.setTheme(document.documentElement.dataset.theme === 'dark' ? 'vs-dark' : 'vs');
  monaco.editor.onDidCreateEditor(() => setTimeout(paint));
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
});

// Studio has no way back from an error that it did not expect: say so, with the way out.
let broken = false;
new MutationObserver(() => {
  const box = document.getElementById('blazor-error-ui');
  if (!broken && box && box.style.display === 'block') {
    broken = true;
    say('The designer met an error and has to be loaded again. What was saved is safe.', 'bad', button('Load again', '', () => location.reload()));
  }
}).observe(document.getElementById('blazor-error-ui'), { attributes: true, attributeFilter: ['style'] });

show().catch(error => {
  room.replaceChildren();
  say(error.message, 'bad', Object.assign(document.createElement('a'), { href: '/designer', textContent: 'Back to the workflows' }));
});
