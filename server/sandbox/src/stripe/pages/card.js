// The hosted card field. What is typed here leaves for the provider and nowhere else.
(() => {
  "use strict";
  const { parent: PARENT, key: KEY } = JSON.parse(document.body.dataset.settings);
  const CHANNEL = "sandbox.card";
  const $ = (id) => document.getElementById(id);
  const inputs = { number: $("number"), expiry: $("expiry"), cvc: $("cvc") };
  const touched = new Set();

  const tell = (message) => {
    if (window.parent !== window) window.parent.postMessage({ channel: CHANNEL, ...message }, PARENT);
  };

  const digits = (text) => text.replace(/\D/g, "");

  const BRANDS = [
    ["amex", "Amex", /^3[47]/, [4, 6, 5], 4],
    ["visa", "Visa", /^4/, [4, 4, 4, 4, 3], 3],
    ["mastercard", "Mastercard", /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [4, 4, 4, 4], 3],
    ["discover", "Discover", /^(6011|6[45])/, [4, 4, 4, 4, 3], 3],
    ["jcb", "JCB", /^35/, [4, 4, 4, 4, 3], 3],
    ["diners", "Diners", /^3[0689]/, [4, 6, 4, 5], 3],
    ["unionpay", "UnionPay", /^62/, [4, 4, 4, 4, 3], 3],
  ];
  const UNKNOWN = ["unknown", "", /./, [4, 4, 4, 4, 3], 3];
  const brandOf = (number) => (number && BRANDS.find(([, , start]) => start.test(number))) || UNKNOWN;

  const luhn = (number) => {
    let sum = 0;
    for (let i = 0; i < number.length; i += 1) {
      let digit = Number(number[number.length - 1 - i]);
      if (i % 2) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
    return sum % 10 === 0;
  };

  const grouped = (number, groups) => {
    const parts = [];
    let at = 0;
    for (const size of groups) {
      if (at >= number.length) break;
      parts.push(number.slice(at, at + size));
      at += size;
    }
    return parts.join(" ");
  };

  const expiryParts = () => {
    const text = digits(inputs.expiry.value);
    return { month: Number(text.slice(0, 2)), year: 2000 + Number(text.slice(2, 4)), full: text.length === 4 };
  };

  // What is wrong with each field, in words; empty when nothing is.
  const judge = {
    number() {
      const number = digits(inputs.number.value);
      const [name, , , groups] = brandOf(number);
      if (!number) return ["incomplete_number", "Enter the card number"];
      const longest = groups.reduce((a, b) => a + b, 0);
      const usual = name === "amex" ? 15 : name === "diners" ? 14 : 16;
      if (number.length < usual) return ["incomplete_number", "The card number is too short"];
      if (number.length > longest || !luhn(number)) return ["invalid_number", "Check the card number: a digit is wrong"];
      return null;
    },
    expiry() {
      const { month, year, full } = expiryParts();
      if (!full) return ["incomplete_expiry", "Enter month and year"];
      if (month < 1 || month > 12) return ["invalid_expiry_month", "The month is 01 to 12"];
      const now = new Date();
      const passed = year < now.getFullYear() || (year === now.getFullYear() && month < now.getMonth() + 1);
      if (passed) return ["invalid_expiry_year_past", "The card has expired"];
      return null;
    },
    cvc() {
      const wanted = brandOf(digits(inputs.number.value))[4];
      const cvc = digits(inputs.cvc.value);
      if (cvc.length !== wanted) return ["incomplete_cvc", `Enter the ${wanted} digits`];
      return null;
    },
  };

  const verdict = () => {
    for (const name of Object.keys(inputs)) {
      const wrong = judge[name]();
      if (wrong) return { name, wrong };
    }
    return null;
  };

  const show = (name) => {
    const wrong = touched.has(name) ? judge[name]() : null;
    const line = $(`${name}-error`);
    const text = wrong ? wrong[1] : "";
    if (line.textContent !== text) {
      line.textContent = text;
      if (text) $("news").textContent = text;
      measure();
    }
    if (wrong) inputs[name].setAttribute("aria-invalid", "true");
    else inputs[name].removeAttribute("aria-invalid");
  };

  const state = () => {
    const first = verdict();
    const shown = Object.keys(inputs).find((name) => touched.has(name) && judge[name]());
    const wrong = shown && judge[shown]();
    return {
      complete: !first,
      empty: Object.values(inputs).every((input) => !input.value),
      brand: brandOf(digits(inputs.number.value))[0],
      error: wrong ? { type: "validation_error", code: wrong[0], message: wrong[1] } : undefined,
    };
  };

  // Rewrites a field's text and keeps the cursor behind the digit it was behind.
  const rewrite = (input, text) => {
    if (input.value === text) return;
    const before = digits(input.value.slice(0, input.selectionStart ?? input.value.length)).length;
    const atEnd = input.selectionStart === input.value.length;
    input.value = text;
    if (document.activeElement !== input) return;
    let at = atEnd ? text.length : 0;
    for (let seen = 0; !atEnd && seen < before && at < text.length; at += 1) if (/\d/.test(text[at])) seen += 1;
    input.setSelectionRange(at, at);
  };

  const changed = (name) => {
    Object.keys(inputs).forEach(show);
    tell({ type: "change", ...state() });
    const whole = !judge[name]();
    const next = { number: "expiry", expiry: "cvc" }[name];
    const input = inputs[name];
    const full = { number: 19, expiry: 7 }[name];
    const done = whole && next && !inputs[next].value && input.selectionStart === input.value.length;
    if (done && (name === "expiry" || input.value.length >= full || brandOf(digits(input.value))[0] === "amex")) inputs[next].focus();
  };

  inputs.number.addEventListener("input", () => {
    const [name, word, , groups] = brandOf(digits(inputs.number.value));
    const longest = groups.reduce((a, b) => a + b, 0);
    rewrite(inputs.number, grouped(digits(inputs.number.value).slice(0, longest), groups));
    $("brand").textContent = word;
    $("brand").hidden = name === "unknown";
    changed("number");
  });

  inputs.expiry.addEventListener("input", (event) => {
    let text = digits(inputs.expiry.value).slice(0, 4);
    const whole = inputs.expiry.value.match(/^\s*(\d{1,2})\s*\/\s*(?:20)?(\d{2})\s*$/);
    if (whole) text = whole[1].padStart(2, "0") + whole[2];
    else if (/^[2-9]/.test(text) || (text.length === 1 && inputs.expiry.value.includes("/"))) text = `0${text}`.slice(0, 4);
    const erasing = event.inputType && event.inputType.startsWith("delete");
    const split = text.length > 2 || (text.length === 2 && !erasing);
    rewrite(inputs.expiry, split ? `${text.slice(0, 2)} / ${text.slice(2)}` : text);
    changed("expiry");
  });

  inputs.cvc.addEventListener("input", () => {
    rewrite(inputs.cvc, digits(inputs.cvc.value).slice(0, 4));
    changed("cvc");
  });

  Object.entries(inputs).forEach(([name, input]) => {
    input.addEventListener("focus", () => tell({ type: "focus" }));
    input.addEventListener("blur", () => {
      if (input.value) touched.add(name);
      show(name);
      tell({ type: "blur" });
      tell({ type: "change", ...state() });
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") tell({ type: "escape" });
      if (event.key !== "Backspace" || input.value) return;
      const back = { expiry: "number", cvc: "expiry" }[name];
      if (back) { event.preventDefault(); inputs[back].focus(); }
    });
  });
  $("card").addEventListener("submit", (event) => event.preventDefault());

  const flatten = (value, prefix, out) => {
    for (const [name, inner] of Object.entries(value || {})) {
      if (inner === undefined || inner === null || inner === "") continue;
      const path = prefix ? `${prefix}[${name}]` : name;
      if (typeof inner === "object") flatten(inner, path, out);
      else out.append(path, String(inner));
    }
    return out;
  };

  const api = async (method, path, params) => {
    const body = flatten(params, "", new URLSearchParams());
    const query = method === "GET" ? `?${body}` : "";
    try {
      const answer = await fetch(`/v1/${path}${query}`, {
        method,
        headers: { Authorization: `Bearer ${KEY}` },
        body: method === "GET" ? undefined : body,
        credentials: "omit",
      });
      return await answer.json();
    } catch {
      return { error: { type: "api_connection_error", code: "connection_error", message: "The card service cannot be reached. Nothing was charged; try again." } };
    }
  };

  const create = async (body) => {
    Object.keys(inputs).forEach((name) => touched.add(name));
    Object.keys(inputs).forEach(show);
    const first = verdict();
    if (first) {
      inputs[first.name].focus();
      tell({ type: "change", ...state() });
      return { error: { type: "validation_error", code: first.wrong[0], message: first.wrong[1] } };
    }
    const { month, year } = expiryParts();
    const card = { number: digits(inputs.number.value), exp_month: month, exp_year: year, cvc: digits(inputs.cvc.value) };
    const made = await api("POST", "payment_methods", { type: "card", card, billing_details: body.billing_details, metadata: body.metadata });
    if (made.error) return { error: made.error };
    const { brand, last4, exp_month, exp_year } = made.card;
    return { paymentMethod: { id: made.id, object: "payment_method", type: "card", card: { brand, last4, exp_month, exp_year } } };
  };

  const OPEN = /^payment_intents\/pi_[A-Za-z0-9]+(\/confirm)?$/;
  const answerTo = async ({ action, body }) => {
    if (action === "create") return create(body || {});
    if (action === "api" && OPEN.test(body.path)) return api(body.method === "POST" ? "POST" : "GET", body.path, body.params);
    return { error: { type: "invalid_request_error", message: "The card field does not do this." } };
  };

  const dress = ({ theme, paper, variables, style, disabled }) => {
    const root = document.documentElement;
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    const base = (style && style.base) || {};
    const set = (name, kind, value) => {
      if (typeof value === "string" && CSS.supports(kind, value)) root.style.setProperty(name, value);
    };
    set("--paper", "color", paper);
    set("--ink", "color", base.color || variables.colorText);
    set("--accent", "color", variables.colorPrimary);
    set("--wrong", "color", (style.invalid && style.invalid.color) || variables.colorDanger);
    set("--field", "color", variables.colorBackground);
    set("--size", "font-size", base.fontSize || variables.fontSizeBase);
    set("--face", "font-family", base.fontFamily || variables.fontFamily);
    set("--radius", "border-radius", variables.borderRadius);
    Object.values(inputs).forEach((input) => { input.disabled = Boolean(disabled); });
    measure();
  };

  window.addEventListener("message", async (event) => {
    if (event.origin !== PARENT || event.source !== window.parent) return;
    const message = event.data;
    if (!message || message.channel !== CHANNEL) return;
    if (message.type === "ask") tell({ type: "answer", call: message.call, result: await answerTo(message) });
    else if (message.type === "appearance") dress(message);
    else if (message.type === "focus") inputs.number.focus();
    else if (message.type === "blur") document.activeElement.blur();
    else if (message.type === "clear") {
      Object.values(inputs).forEach((input) => { input.value = ""; });
      touched.clear();
      $("brand").hidden = true;
      Object.keys(inputs).forEach(show);
      tell({ type: "change", ...state() });
    }
  });

  let height = 0;
  function measure() {
    const now = Math.ceil(document.querySelector("main").getBoundingClientRect().height);
    if (now !== height) tell({ type: "height", height: (height = now) });
  }
  new ResizeObserver(measure).observe(document.querySelector("main"));
  measure();
  tell({ type: "ready" });
})();
