// The only script of ours on the customers' pages. It mounts the card company's own fields, which
// live in the company's frame, and posts the token that they give. No card number passes here.
(() => {
  'use strict';

  for (const time of document.querySelectorAll('time[data-local]')) {
    const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short', timeZoneName: undefined });
    time.textContent = format.format(new Date(time.dateTime));
  }
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }

  const form = document.getElementById('pay');
  if (!form) return;
  const error = document.getElementById('card-error');
  const button = form.querySelector('button[type=submit]');
  const say = (text) => { error.textContent = text; };
  const busy = (on) => {
    button.disabled = on;
    form.classList.toggle('is-busy', on);
  };

  if (typeof window.Stripe !== 'function') {
    say('The card fields could not be loaded. Check your connection and load this page again.');
    return;
  }
  const ink = getComputedStyle(form).color;
  const stripe = window.Stripe(form.dataset.publishableKey);
  const card = stripe.elements().create('card', {
    style: { base: { fontSize: '16px', color: ink }, invalid: { color: ink } },
  });
  card.mount('#card');
  card.on('ready', () => busy(false));
  card.on('change', (event) => say(event.error ? event.error.message : ''));

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    say('');
    busy(true);
    try {
      const answer = await stripe.createPaymentMethod({ type: 'card', card });
      if (answer.error) {
        say(answer.error.message);
        busy(false);
        return;
      }
      form.elements.token.value = answer.paymentMethod.id;
      form.submit();
    } catch {
      say('The card company cannot be reached. Nothing was charged. Check your connection and try again.');
      busy(false);
    }
  });

  // Coming back with the browser's own history must not leave the button dead.
  window.addEventListener('pageshow', (event) => { if (event.persisted) busy(false); });
})();
