// What somebody types is not lost: a form is sent once, and kept here until it is saved.
"use strict";

const KEPT_FOR = 14 * 24 * 60 * 60 * 1000; // milliseconds
const PAUSE = 400; // milliseconds without a key, after which it is kept
const ONE_PRESS = 10_000; // milliseconds within which a second one is a slip
const NOT_KEPT = /csrfmiddlewaretoken|password|^_|^seen_version$/;

const drafts = {
    // Of one person, all of them; the name of each is the address of its form.
    prefix: () => `draft ${document.querySelector("[data-drafts-of]")?.dataset.draftsOf} `,

    names() {
        return Object.keys(localStorage).filter((name) => name.startsWith(this.prefix()));
    },

    read(name) {
        try {
            return JSON.parse(localStorage.getItem(name));
        } catch {
            return null;
        }
    },

    write(name, draft) {
        try {
            localStorage.setItem(name, JSON.stringify(draft));
        } catch {
            // There is no room for it; what is typed stays in the form.
        }
    },

    forget(names) {
        names.forEach((name) => localStorage.removeItem(name));
    },
};

function typedIn(form) {
    return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

function differ(one, other) {
    const told = (pairs) => JSON.stringify(pairs.filter(([name]) => !NOT_KEPT.test(name)));
    return told(one) !== told(other);
}

function keepDraftsOf(form, name) {
    const before = typedIn(form);
    let waiting = 0;
    const write = () => {
        const pairs = typedIn(form);
        waiting = 0;
        if (differ(pairs, before)) {
            drafts.write(name, { at: Date.now(), pairs });
        } else {
            drafts.forget([name]);
        }
    };
    const keep = () => {
        window.clearTimeout(waiting);
        waiting = window.setTimeout(write, PAUSE);
    };
    window.addEventListener("pagehide", () => {
        if (waiting) {
            window.clearTimeout(waiting);
            write();
        }
    });
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    window.django?.jQuery?.(form).on("change", keep); // what a choice of relations says
    form.addEventListener("submit", () => {
        window.clearTimeout(waiting);
        waiting = 0;
        drafts.write(name, { at: Date.now(), pairs: typedIn(form), sent: true });
    });
}

function offer(draft, name, form) {
    const offered = document.getElementById("draft-offered").content.cloneNode(true);
    const box = offered.firstElementChild;
    box.querySelector("time").textContent = new Date(draft.at).toLocaleString(
        document.documentElement.lang,
    );
    box.querySelector("[name=_typed]").value = JSON.stringify(draft.pairs);
    box.querySelector("form").action = location.pathname + location.search;
    box.querySelector("[type=button]").addEventListener("click", () => {
        drafts.forget([name]);
        box.remove();
    });
    form.before(box);
}

function begin() {
    document.querySelector("[data-submit-at-once]")?.requestSubmit();
    if (!document.querySelector("[data-drafts-of]")) {
        return; // nobody is signed in: what was sent may still be needed
    }
    const form = document.querySelector("#content-main > form[method=post]");
    const here = `${drafts.prefix()}${location.pathname}${location.search}`;
    const isSaved = document.querySelector("[data-drafts-of]").dataset.saved !== "";
    for (const name of drafts.names()) {
        const draft = drafts.read(name);
        if (!draft || (draft.sent && isSaved) || Date.now() - draft.at > KEPT_FOR) {
            drafts.forget([name]);
        }
    }
    if (form) {
        const draft = drafts.read(here);
        if (draft && differ(draft.pairs, typedIn(form))) {
            offer(draft, here, form);
        }
        keepDraftsOf(form, here);
    }
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
    const form = event.target;
    // Not its properties: a field may bear the same name.
    if (form.getAttribute("action")?.endsWith("/logout/")) {
        drafts.forget(drafts.names());
    }
    if (form.getAttribute("method") !== "post" || event.defaultPrevented) {
        return;
    }
    if (form.dataset.sent) {
        event.preventDefault();
        return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, ONE_PRESS); // it may be a download
});

// Whoever comes back to a page finds its forms as they left them, to be sent again.
window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
        document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    }
});

if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
} else {
    begin();
}

// Where a row is removed, the theme writes those behind it anew, as the page was sent:
// what was typed in them has to be part of the page by then.
document.addEventListener(
    "click",
    (event) => {
        const rows = event.target.closest(".delete-template")?.closest(".formset");
        for (const field of rows?.querySelectorAll("input, textarea, option") ?? []) {
            if (field.matches("textarea")) {
                field.textContent = field.value;
            } else if (field.matches("option")) {
                field.toggleAttribute("selected", field.selected);
            } else if (field.matches("[type=checkbox], [type=radio]")) {
                field.toggleAttribute("checked", field.checked);
            } else {
                field.setAttribute("value", field.value);
            }
        }
    },
    true,
);
