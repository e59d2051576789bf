// The pages that every run holds against the rules of all pages. One line a page:
// `as`: a key of `people` (nobody when absent); `allow`: what its console may say;
// `withoutJavaScript`: a text that the page must show with scripts off.

/** The demo's sign-ins. */
export const people = {};

export const pages = [];
