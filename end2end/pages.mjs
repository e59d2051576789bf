// The pages that every run holds against the rules of all pages. One line a page:
// `as`: a key of `people` (nobody when absent); `allow`: what its console may say;
// `withoutJavaScript`: a text that the page must show with scripts off; `first`: `path` is a list,
// and its first row's page is meant; a selector where the list is no table.

const password = "punctual demo 2026";

/** The demo's sign-ins. */
export const people = {
  finance: { email: "finance@aldertree.example", password },
  admin: { email: "admin@aldertree.example", password },
  employee: { email: "employee@aldertree.example", password },
};

/** The browser says so itself when a page is not there, as it should be here. */
const notFound = /Failed to load resource: the server responded with a status of 404/;

export const pages = [
  { path: "/sign-in", withoutJavaScript: "Sign in" },
  { path: "/pay/nowhere", status: 404, allow: [notFound], plain: true, withoutJavaScript: "This link does not work" },
  { path: "/invitation/nowhere", status: 404, allow: [notFound], plain: true, withoutJavaScript: "This invitation does not work" },
  { path: "/api/docs", plain: true, withoutJavaScript: "Create an order" },
  { path: "/gallery", as: "employee" },
  { path: "/gallery/public", as: "employee" },
  { path: "/nowhere", as: "employee", status: 404, allow: [notFound] },
  { path: "/", name: "today", as: "employee", withoutJavaScript: "Today" },
  { path: "/", name: "today", as: "finance" },
  { path: "/meetings", as: "employee", withoutJavaScript: "Suggested times|No time suits all" },
  { path: "/meetings?week=2026-03-23&hours=all", name: "week of 23 hours", as: "finance" },
  { path: "/meetings/weekly", as: "employee", withoutJavaScript: "every week for 8 weeks" },
  { path: "/meetings/agenda", first: ".agenda-link", name: "meeting", as: "employee", withoutJavaScript: "History" },
  { path: "/meetings/month", as: "employee", withoutJavaScript: "Mon" },
  { path: "/meetings/month?month=2031-02", name: "month far away", as: "employee", withoutJavaScript: "February 2031" },
  { path: "/meetings/agenda", as: "employee", withoutJavaScript: "Agenda" },
  { path: "/meetings/agenda?from=2031-02-01", name: "agenda empty", as: "employee", withoutJavaScript: "Nothing in these days" },
  { path: "/meetings/01890000-0000-7000-8000-000000000000", name: "meeting none", as: "employee", status: 404, allow: [notFound] },
  { path: "/meetings/rooms", as: "employee", withoutJavaScript: "Rooms" },
  { path: "/meetings/rooms", name: "rooms", as: "admin" },
  { path: "/meetings/rooms/new", as: "admin", withoutJavaScript: "Seats" },
  { path: "/meetings/rooms", first: true, name: "room", as: "admin", withoutJavaScript: "Take out of use" },
  { path: "/meetings/working-hours", as: "employee", withoutJavaScript: "Monday" },
  { path: "/meetings/figures", as: "admin", withoutJavaScript: "Booking figures" },
  { path: "/invitation/nowhere", status: 404, allow: [notFound], plain: true, withoutJavaScript: "This invitation does not work" },
  { path: "/payments", as: "finance", withoutJavaScript: "AI-" },
  { path: "/payments?status=declined", name: "payments declined", as: "finance" },
  { path: "/payments?search=nothing-like-this", name: "payments none", as: "finance" },
  { path: "/payments", first: true, name: "payment", as: "finance", withoutJavaScript: "Way of this payment|Facts" },
  { path: "/payments?status=declined", first: true, name: "payment declined", as: "finance" },
  { path: "/payments?status=settled", first: true, name: "payment settled", as: "finance" },
  { path: "/orders", as: "finance", withoutJavaScript: "AI-" },
  { path: "/orders", first: true, name: "order", as: "finance", withoutJavaScript: "Checkout link" },
  { path: "/orders/new", as: "finance", withoutJavaScript: "Reference" },
  { path: "/ledger", as: "finance", withoutJavaScript: "PSP" },
  { path: "/ledger/statement?account=Assets%3APSP%3Astripe%3APending", name: "statement", as: "finance" },
  { path: "/ledger/entries", as: "finance" },
  { path: "/ledger/entries", first: true, name: "entry", as: "finance" },
  { path: "/ledger/trial-balance", as: "finance", withoutJavaScript: "Balanced" },
  { path: "/settlement", as: "finance", withoutJavaScript: "camt" },
  { path: "/settlement", first: true, name: "import", as: "finance" },
  { path: "/reconciliation", as: "finance" },
  { path: "/reconciliation?status=matched", name: "reconciliation matched", as: "finance" },
  { path: "/", name: "today", as: "admin" },
  { path: "/admin/people", as: "admin", withoutJavaScript: "Miriam Vogt" },
  { path: "/admin/people", first: true, name: "person", as: "admin" },
  { path: "/admin/people/new", as: "admin" },
  { path: "/admin/tokens", as: "admin" },
  { path: "/admin/tokens/new", as: "admin" },
  { path: "/admin/audit", as: "admin" },
  { path: "/admin/jobs", as: "admin" },
  { path: "/admin/mail", as: "admin" },
  { path: "/admin/mail", first: true, name: "mail", as: "admin" },
  { path: "/admin/sandbox", as: "admin" },
];
