// In a panel of a page the answer goes to that page, as it goes to the opener of a window.
"use strict";

window.opener ??= window.parent === window ? null : window.parent;

// The form of this address is saved: what was typed in it is no draft any more.
for (const name of Object.keys(localStorage)) {
    if (name.startsWith("draft ") && name.endsWith(` ${location.pathname}${location.search}`)) {
        localStorage.removeItem(name);
    }
}
