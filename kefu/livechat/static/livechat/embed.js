// The loader: what one script tag puts on a host page. A button, and a frame of ours in a dialog, both in a shadow of their own.
// Styles are constructed sheets and nothing is written as markup, so that the strictest policy of the host lets it work.
// The server calls embed() with the brand's colour and words; see docs/operators/embed.en.md for what a host may say to it.

function embed({ hue, words }, script) {
  if (!script || window.Kefu) return;
  const { origin } = new URL(script.src);
  const wish = script.dataset;
  const language = languageOf(wish.language || document.documentElement.lang);
  const say = words[language];
  const narrow = matchMedia("(max-width: 40rem), (max-height: 30rem)");
  const listeners = new Map();
  const waiting = [];
  let frame = null;
  let isReady = false;
  let isOpen = false;
  let unread = 0;
  let overflow = "";
  let before = null;

  function languageOf(tag) {
    const wanted = tag.toLowerCase();
    const ours = /^zh-(hant|tw|hk|mo)/.test(wanted) ? "zh-hant" : /^zh/.test(wanted) ? "zh-hans" : wanted.split("-")[0];
    return ours in words ? ours : "en" in words && wanted && !/^zh/.test(wanted) ? "en" : Object.keys(words)[0];
  }

  function make(name, values = {}, ...inside) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  }

  function icon(path) {
    const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  const place = make("kefu-chat");
  const root = place.attachShadow({ mode: "open" });
  const badge = make("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  const told = make("span", { class: "told", role: "status" });
  const launcher = make("button", { type: "button", "aria-haspopup": "dialog" }, icon("M4 5h16v11H11l-5 4v-4H4z"), icon("M6 6l12 12M18 6L6 18"), badge);
  const away = make("a", { href: `${origin}/${language}/chat/`, target: "_blank", rel: "noopener" }, say.away);
  const trouble = make("p", { role: "alert", hidden: "" }, `${say.trouble} `, away);
  const panel = make("dialog", { "aria-label": say.title }, trouble);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; position: fixed; z-index: 2147483000; --fill: #005e7d; --ground: #fff; --ink: #132026; color-scheme: light dark; }
    @supports (color: light-dark(red, red)) {
      :host {
        --fill: light-dark(oklch(0.445 0.098 ${hue}), oklch(0.525 0.1 ${hue}));
        --ground: light-dark(#fff, oklch(0.208 0.013 ${hue}));
        --ink: light-dark(oklch(0.235 0.022 ${hue}), oklch(0.945 0.006 ${hue}));
      }
    }
    [hidden] { display: none !important; }
    button, dialog { position: fixed; inset: auto; inset-inline-end: var(--kefu-side, 20px); box-sizing: border-box; margin: 0; padding: 0; border: 1px solid transparent; }
    button { inset-block-end: var(--kefu-bottom, 20px); inline-size: 56px; block-size: 56px; border-radius: 50%; background: var(--fill); color: #fff; cursor: pointer; box-shadow: 0 6px 20px -4px rgb(0 0 0 / .35); }
    button:focus-visible { outline: 3px solid var(--fill); outline-offset: 3px; }
    svg { inline-size: 26px; block-size: 26px; margin: auto; display: block; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
    [aria-expanded=true] svg:first-of-type, [aria-expanded=false] svg:last-of-type { display: none; }
    .badge { position: absolute; inset-block-start: -6px; inset-inline-end: -6px; min-inline-size: 22px; box-sizing: border-box; padding: 0 6px; border: 2px solid var(--ground); border-radius: 11px; background: #ba2524; font: 600 12px/20px system-ui, sans-serif; color: #fff; }
    .told { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    dialog { inset-block-end: calc(var(--kefu-bottom, 20px) + 68px); inline-size: min(400px, calc(100vw - 40px)); block-size: min(680px, calc(100dvh - 108px)); max-inline-size: none; max-block-size: none; border-radius: 14px; background: var(--ground); color: var(--ink); overflow: hidden; box-shadow: 0 2px 6px rgb(0 0 0 / .12), 0 24px 56px -12px rgb(0 0 0 / .4); }
    dialog:focus { outline: none; }
    iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; }
    p { position: absolute; inset: 0; margin: 0; padding: 40% 24px 0; background: var(--ground); font: 15px/1.6 system-ui, sans-serif; text-align: center; }
    a { color: inherit; }
    dialog:modal { inset: 0; inline-size: 100vw; block-size: 100dvh; border: 0; border-radius: 0; }
    @media (prefers-reduced-motion: no-preference) { dialog[open] { animation: rise .22s cubic-bezier(.2, 0, 0, 1); } @keyframes rise { from { opacity: 0; transform: translateY(8px); } } }
    @media print { :host { display: none; } }`);
  root.adoptedStyleSheets = [sheet];
  if (/^(light|dark)$/.test(wish.theme)) place.style.colorScheme = wish.theme;
  launcher.hidden = wish.launcher === "none";
  root.append(launcher, told, panel);

  function emit(name, ...values) {
    for (const listener of listeners.get(name) ?? []) listener(...values);
  }

  /** What this tab, or this browser, keeps on the host's side: that the window is open, that there is something to follow. */
  function kept(store, value) {
    try {
      const storage = window[store];
      if (value === undefined) return storage.getItem("kefu");
      if (value) storage.setItem("kefu", value);
      else storage.removeItem("kefu");
    } catch {
      // Without storage the next page begins closed.
    }
    return null;
  }

  function load() {
    if (frame) return;
    const address = new URL(`${origin}/${language}/chat/frame/`);
    for (const name of ["topic", "theme"]) if (wish[name]) address.searchParams.set(name, wish[name]);
    frame = make("iframe", { src: address, title: say.title, allow: "clipboard-write", referrerpolicy: "no-referrer" });
    frame.addEventListener("load", () => {
      // One that has loaded itself anew does not know that it is open.
      if (isReady && isOpen) waiting.push({ type: "open", isFocused: root.activeElement === frame });
      isReady = false;
      post({ type: "hello" });
    });
    panel.append(frame);
    setTimeout(() => (trouble.hidden = isReady), 15_000);
  }

  function post(message) {
    frame.contentWindow.postMessage({ kefu: 1, ...message }, origin);
  }

  function tell(message) {
    load();
    if (isReady) post(message);
    else waiting.push(message);
  }

  function show({ isFocused = true } = {}) {
    const isModal = narrow.matches;
    if (panel.open) panel.close();
    if (isModal) panel.showModal();
    else if (isFocused) panel.show();
    // A dialog that is shown takes the keyboard, and the body of the page can't take it back.
    else panel.open = true;
    document.documentElement.style.overflow = isModal ? "hidden" : overflow;
    fit();
  }

  /** Above the keyboard of a phone. */
  function fit() {
    const view = window.visualViewport;
    const isFitted = panel.matches(":modal") && view?.scale === 1;
    panel.style.blockSize = isFitted ? `${view.height}px` : "";
    panel.style.top = isFitted ? `${view.offsetTop}px` : "";
  }

  function open({ isFocused = true } = {}) {
    load();
    if (!isOpen) {
      overflow = document.documentElement.style.overflow;
      before = root.activeElement ?? document.activeElement;
      isOpen = true;
      show({ isFocused });
      kept("sessionStorage", "open");
      draw();
      emit("opened");
    }
    if (isFocused) frame.focus();
    tell({ type: "open", isFocused });
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    panel.close();
    if (before?.isConnected) before.focus();
    document.documentElement.style.overflow = overflow;
    kept("sessionStorage", "");
    tell({ type: "close" });
    draw();
    emit("closed");
  }

  function draw() {
    const count = isOpen ? 0 : unread;
    const written = count > 99 ? "99+" : String(count);
    badge.hidden = !count;
    badge.textContent = written;
    launcher.setAttribute("aria-expanded", String(isOpen));
    launcher.setAttribute("aria-label", count ? `${say.open} · ${written} ${say.unread}` : say.open);
    told.textContent = count ? `${written} ${say.unread}` : "";
  }

  const hear = {
    ready() {
      isReady = true;
      trouble.hidden = true;
      for (const message of waiting.splice(0)) post(message);
      emit("ready");
    },
    unread({ count }) {
      if (!Number.isInteger(count) || count === unread) return;
      unread = count;
      draw();
      emit("unread", count);
    },
    follow: ({ isFollowed }) => kept("localStorage", isFollowed ? "follow" : ""),
    close,
    message: () => emit("message"),
    identified: () => emit("identified"),
    refused: () => emit("refused"),
    // Nobody waits for a host that has no answer.
    ended: () => (listeners.get("ended")?.length ? emit("ended") : post({ type: "unanswered" })),
  };

  addEventListener("message", ({ source, origin: from, data }) => {
    if (source !== frame?.contentWindow || from !== origin || data?.kefu !== 1) return;
    if (Object.hasOwn(hear, data.type)) hear[data.type](data);
  });
  launcher.addEventListener("click", () => (isOpen ? close() : open()));
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  root.addEventListener("keydown", ({ key }) => key === "Escape" && close());
  narrow.addEventListener("change", () => isOpen && show());
  window.visualViewport?.addEventListener("resize", fit);

  window.Kefu = Object.freeze({
    open: () => open(),
    close,
    topic: (key) => tell({ type: "topic", topic: String(key) }),
    identify: (token) => tell({ type: "identify", token: token === null ? null : String(token) }),
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      if (name === "ready" && isReady) listener();
      return () => listeners.set(name, listeners.get(name).filter((one) => one !== listener));
    },
  });

  function begin() {
    document.body.append(place);
    if (kept("sessionStorage") && !narrow.matches) open({ isFocused: false });
    else if (kept("localStorage")) load();
  }
  draw();
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
}
