// The script of the sandbox: what a checkout page needs of Stripe.js, and no more.
// It mounts an iframe of the sandbox's own origin and talks to it by messages. Nothing that is
// typed there comes here; a payment method's id, brand and last four digits do.
(() => {
  "use strict";
  if (window.Stripe) return;

  const here = document.currentScript && document.currentScript.src;
  const ORIGIN = new URL(here || window.location.href).origin;
  const CHANNEL = "sandbox.card";
  let frames = 0;

  const failure = (message, code) => ({
    error: { type: "api_connection_error", code: code || "connection_error", message },
  });

  // One iframe and the conversation with it.
  class Frame {
    constructor(key, hidden) {
      this.id = `__sandboxFrame${++frames}`;
      this.pending = new Map();
      this.calls = 0;
      this.listeners = new Set();
      this.loaded = new Promise((resolve) => (this.hasLoaded = resolve));
      const query = new URLSearchParams({ parent: window.location.origin, key });
      const node = document.createElement("iframe");
      node.name = this.id;
      node.title = hidden ? "Secure payment connection" : "Secure card payment input frame";
      node.src = `${ORIGIN}/stripe/fields/card?${query}`;
      node.allow = "payment *";
      node.setAttribute("frameborder", "0");
      node.setAttribute("scrolling", "no");
      node.setAttribute("width", "100%");
      node.setAttribute("height", hidden ? "0" : "64");
      // Set through the object model, which a policy against inline styles leaves alone.
      // The frame is 4 px larger on each side, where the focus rings of its fields have room.
      Object.assign(node.style, { border: "0", display: "block", width: "calc(100% + 8px)", margin: "-4px" });
      if (hidden) {
        node.setAttribute("aria-hidden", "true");
        node.tabIndex = -1;
        Object.assign(node.style, { position: "absolute", height: "0", visibility: "hidden" });
      }
      this.node = node;
      this.receive = this.receive.bind(this);
      window.addEventListener("message", this.receive);
    }

    receive(event) {
      if (event.origin !== ORIGIN || event.source !== this.node.contentWindow) return;
      const message = event.data;
      if (!message || message.channel !== CHANNEL) return;
      if (message.type === "ready") this.hasLoaded();
      if (message.type === "answer") {
        const settle = this.pending.get(message.call);
        this.pending.delete(message.call);
        if (settle) settle(message.result);
        return;
      }
      this.listeners.forEach((listen) => listen(message));
    }

    async post(message) {
      await this.loaded;
      if (this.node.contentWindow) {
        this.node.contentWindow.postMessage({ channel: CHANNEL, ...message }, ORIGIN);
      }
    }

    ask(action, body) {
      const call = ++this.calls;
      return new Promise((resolve) => {
        this.pending.set(call, resolve);
        this.post({ type: "ask", call, action, body });
      });
    }

    remove() {
      window.removeEventListener("message", this.receive);
      this.pending.forEach((settle) => settle(failure("The card field was removed from the page.")));
      this.pending.clear();
      this.node.remove();
    }
  }

  class CardElement {
    constructor(key, options, appearance) {
      this.key = key;
      this.options = { ...options };
      this.appearance = appearance || {};
      this.handlers = {};
      this.frame = null;
    }

    mount(target) {
      const place = typeof target === "string" ? document.querySelector(target) : target;
      if (!place) throw new Error(`The selector you specified (${target}) applies to no DOM elements that are currently on the page.`);
      if (this.frame) this.unmount();
      const frame = new Frame(this.key, false);
      this.frame = frame;
      frame.listeners.add((message) => this.hear(message));
      frame.loaded.then(() => this.dress());
      place.replaceChildren(frame.node);
      place.classList.add("StripeElement");
      this.place = place;
      this.scheme = window.matchMedia("(prefers-color-scheme: dark)");
      this.dressAgain = () => this.dress();
      this.scheme.addEventListener("change", this.dressAgain);
      return this;
    }

    // Which of the two schemes the page around shows, unless it said so itself.
    theme() {
      const named = this.appearance.theme;
      if (named === "night" || named === "dark") return "dark";
      if (named === "stripe" || named === "flat" || named === "light") return "light";
      const scheme = getComputedStyle(this.place).colorScheme.split(" ");
      if (!scheme.includes("dark")) return "light";
      if (!scheme.includes("light")) return "dark";
      return this.scheme && this.scheme.matches ? "dark" : "light";
    }

    // The colour behind the field, so that the frame has the same.
    paper() {
      for (let node = this.place; node; node = node.parentElement) {
        const colour = getComputedStyle(node).backgroundColor;
        if (colour !== "transparent" && !/[,/]\s*0\)$/.test(colour)) return colour;
      }
      return "";
    }

    dress() {
      if (!this.frame) return;
      const theme = this.theme();
      // A frame of another scheme than its page is painted opaque.
      this.frame.node.style.colorScheme = theme;
      this.frame.post({
        type: "appearance",
        theme,
        paper: this.paper(),
        variables: this.appearance.variables || {},
        style: this.options.style || {},
        disabled: Boolean(this.options.disabled),
        hidePostalCode: true,
      });
    }

    hear(message) {
      if (message.type === "height" && Number.isFinite(message.height)) {
        const height = Math.min(Math.max(Math.ceil(message.height), 24), 600);
        this.frame.node.setAttribute("height", String(height));
        this.frame.node.style.height = `${height}px`;
        return;
      }
      if (!["ready", "change", "focus", "blur", "escape"].includes(message.type)) return;
      const names = this.place.classList;
      if (message.type === "focus") names.add("StripeElement--focus");
      if (message.type === "blur") names.remove("StripeElement--focus");
      if (message.type === "change") {
        names.toggle("StripeElement--complete", Boolean(message.complete));
        names.toggle("StripeElement--empty", Boolean(message.empty));
        names.toggle("StripeElement--invalid", Boolean(message.error));
      }
      const { channel, type, ...rest } = message;
      this.emit(type, { elementType: "card", ...rest });
    }

    emit(name, payload) {
      (this.handlers[name] || []).forEach((handle) => handle(payload));
    }

    on(name, handle) {
      (this.handlers[name] = this.handlers[name] || []).push(handle);
      return this;
    }

    once(name, handle) {
      const wrapped = (payload) => {
        this.off(name, wrapped);
        handle(payload);
      };
      return this.on(name, wrapped);
    }

    off(name, handle) {
      this.handlers[name] = handle ? (this.handlers[name] || []).filter((h) => h !== handle) : [];
      return this;
    }

    update(options) {
      this.options = { ...this.options, ...options };
      this.dress();
      return this;
    }

    focus() { if (this.frame) this.frame.post({ type: "focus" }); }
    blur() { if (this.frame) this.frame.post({ type: "blur" }); }
    clear() { if (this.frame) this.frame.post({ type: "clear" }); }

    unmount() {
      if (!this.frame) return;
      this.scheme.removeEventListener("change", this.dressAgain);
      this.frame.remove();
      this.frame = null;
      this.place.classList.remove("StripeElement", "StripeElement--focus", "StripeElement--complete", "StripeElement--empty", "StripeElement--invalid");
    }

    destroy() {
      this.unmount();
      this.handlers = {};
    }
  }

  // The bank's page over ours. Resolves when the customer is done with it.
  function challenge(url) {
    return new Promise((resolve) => {
      const dialog = document.createElement("dialog");
      const node = document.createElement("iframe");
      node.title = "Confirmation by your bank";
      node.src = url;
      dialog.setAttribute("aria-label", "Confirmation by your bank");
      Object.assign(dialog.style, { width: "min(440px, 100vw - 32px)", padding: "0", border: "0", borderRadius: "10px", overflow: "hidden" });
      Object.assign(node.style, { width: "100%", height: "420px", border: "0", display: "block" });
      let loads = 0;
      const close = () => { dialog.close(); dialog.remove(); resolve(); };
      // The second page in the frame is the one after the decision.
      node.addEventListener("load", () => { if (++loads > 1) close(); });
      dialog.addEventListener("cancel", close);
      dialog.append(node);
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  window.Stripe = function Stripe(key) {
    if (typeof key !== "string" || !key.startsWith("pk_")) {
      throw new Error("Please call Stripe() with your publishable key. You used an empty string or a secret key.");
    }
    let quiet = null;
    const background = () => {
      if (!quiet) {
        quiet = new Frame(key, true);
        document.body.append(quiet.node);
      }
      return quiet;
    };
    const card = (element) => (element instanceof CardElement && element.frame ? element.frame : null);
    const idOf = (secret) => String(secret || "").split("_secret_")[0];

    const retrieve = (secret) =>
      background().ask("api", { method: "GET", path: `payment_intents/${idOf(secret)}`, params: { client_secret: secret } })
        .then((answer) => (answer.error ? answer : { paymentIntent: answer }));

    async function next(intent, secret) {
      const action = intent.next_action;
      if (intent.status !== "requires_action" || !action) return { paymentIntent: intent };
      if (action.type === "redirect_to_url" && action.redirect_to_url.return_url) {
        window.location.assign(action.redirect_to_url.url);
        return new Promise(() => {});
      }
      const url = action.type === "redirect_to_url" ? action.redirect_to_url.url : action.use_stripe_sdk.stripe_js;
      await challenge(url);
      const after = await retrieve(secret);
      if (after.paymentIntent && after.paymentIntent.last_payment_error) {
        return { error: { ...after.paymentIntent.last_payment_error, payment_intent: after.paymentIntent } };
      }
      return after;
    }

    return {
      elements(options) {
        let appearance = (options && options.appearance) || {};
        const made = {};
        return {
          create(type, elementOptions) {
            if (type !== "card") throw new Error(`The sandbox has the element "card" alone, not "${type}".`);
            return (made.card = new CardElement(key, elementOptions || {}, appearance));
          },
          getElement: (type) => made[type] || null,
          update(changed) {
            appearance = (changed && changed.appearance) || appearance;
            if (made.card) { made.card.appearance = appearance; made.card.dress(); }
          },
        };
      },

      // The digits stay in the frame, which sends them to the provider itself.
      async createPaymentMethod(request) {
        const frame = card(request && request.card);
        if (!frame) throw new Error("createPaymentMethod needs a mounted card element.");
        return frame.ask("create", { billing_details: request.billing_details || {}, metadata: request.metadata || {} });
      },

      async confirmCardPayment(secret, data, options) {
        const request = data || {};
        let method = request.payment_method;
        if (method && typeof method === "object") {
          const made = await this.createPaymentMethod({ type: "card", ...method });
          if (made.error) return made;
          method = made.paymentMethod.id;
        }
        const params = { client_secret: secret };
        if (method) params.payment_method = method;
        if (request.return_url) params.return_url = request.return_url;
        else params.use_stripe_sdk = "true";
        const intent = await background().ask("api", { method: "POST", path: `payment_intents/${idOf(secret)}/confirm`, params });
        if (intent.error) return intent;
        return options && options.handleActions === false ? { paymentIntent: intent } : next(intent, secret);
      },

      async handleNextAction(request) {
        const found = await retrieve(request.clientSecret);
        return found.error ? found : next(found.paymentIntent, request.clientSecret);
      },

      handleCardAction(secret) { return this.handleNextAction({ clientSecret: secret }); },
      retrievePaymentIntent: retrieve,
    };
  };
  window.Stripe.version = 3;
})();
