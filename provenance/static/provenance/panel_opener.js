// In a panel of a page the answer goes to that page, as it goes to the opener of a window.
"use strict";

window.opener ??= window.parent === window ? null : window.parent;
