// What a kiosk has beyond its plain forms: a key pad for fingers, a clock that goes on, fields that
// empty themselves, and a word when the server cannot be reached.
(() => {
  'use strict';

  const kiosk = document.getElementById('kiosk');
  if (!kiosk) return;
  const ALIVE_MS = 60_000;
  const RELOAD_MS = 3_600_000;
  const IDLE_MS = 30_000;

  const clock = document.querySelector('[data-clock]');
  if (clock) {
    const began = performance.now();
    const shown = Number(clock.dataset.clock) + Number(clock.dataset.offset) * 60_000;
    const tick = () => {
      const now = new Date(shown + performance.now() - began);
      clock.textContent = now.toISOString().slice(11, 16);
    };
    setInterval(tick, 1_000);
  }

  const offline = document.getElementById('kiosk-offline');
  const say = (text) => { if (offline.textContent !== text) offline.textContent = text; };
  const form = document.getElementById('enter');
  const fields = form ? [form.elements.number, form.elements.secret_pin] : [];
  const isEmpty = () => fields.every((field) => field.value === '');
  const opened = Date.now();

  // Says that the kiosk is there, and hears whether it still is one. An hour old, the page is loaded
  // again, but only while the server answers: a browser's own error page would stay for ever.
  const alive = async () => {
    try {
      const answer = await fetch('/kiosk/alive', { cache: 'no-store' });
      if (answer.status === 204) {
        say('');
        if (form && isEmpty() && Date.now() - opened > RELOAD_MS) location.replace('/kiosk');
      } else if (answer.status === 401 && form) {
        location.replace('/kiosk');
      }
    } catch {
      say('No connection. Punches cannot be taken here until it is back.');
    }
  };
  setInterval(alive, ALIVE_MS);
  window.addEventListener('offline', alive);
  window.addEventListener('online', alive);
  document.addEventListener('submit', (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      alive();
    }
  });
  // Coming back with the browser's own history must not show the person before.
  window.addEventListener('pageshow', (event) => { if (event.persisted) location.replace('/kiosk'); });

  if (!form) return;
  const [number, pin] = fields;
  pin.inputMode = 'numeric';
  let current = number;
  const go = (field) => { current = field; field.focus({ preventScroll: true }); };
  for (const field of fields) field.addEventListener('focus', () => { current = field; });

  let idle;
  const stir = () => {
    clearTimeout(idle);
    if (isEmpty()) return;
    idle = setTimeout(() => { form.reset(); go(number); }, IDLE_MS);
  };
  form.addEventListener('input', stir);

  // Enter goes on from a number to the PIN; a scanned code is longer than any number, and is sent.
  const next = () => {
    if (current === number && number.value !== '' && number.value.length < 32 && pin.value === '') go(pin);
    else form.requestSubmit();
  };
  number.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    current = number;
    next();
  });

  const pad = document.getElementById('pad');
  pad.hidden = false;
  // The focus stays in the field.
  pad.addEventListener('pointerdown', (event) => event.preventDefault());
  pad.addEventListener('click', (event) => {
    const key = event.target.closest('[data-key]')?.dataset.key;
    if (!key) return;
    if (key === 'next') next();
    else if (key === 'back') current.value = current.value.slice(0, -1);
    else if (current.value.length < current.maxLength) current.value += key;
    stir();
  });
  go(number);
})();
