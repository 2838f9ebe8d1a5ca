// Related records are added and changed in a panel over the form, and not in a window.
// What is searched for and not there is made by its name.
"use strict";

(() => {
    const NAME = /^(add|change)_/;

    // The panel --------------------------------------------------------------------------

    // Django tells a page from whom an answer comes by the name of the frame.
    function depth() {
        const place = window.name.lastIndexOf("__");
        return place < 0 ? 0 : Number.parseInt(window.name.slice(place + 2), 10) || 0;
    }

    function openPanel(address, id, title) {
        const dialog = document.createElement("dialog");
        dialog.className = "panel";
        dialog.setAttribute("aria-label", title);
        const close = document.createElement("button");
        close.type = "button";
        close.className = "panel-close";
        close.textContent = "×";
        close.setAttribute("aria-label", document.body.dataset.closeLabel ?? "Close");
        close.addEventListener("click", () => dialog.close());
        const frame = document.createElement("iframe");
        frame.name = `${id}__${depth() + 1}`;
        frame.title = title;
        frame.src = address;
        dialog.append(close, frame);
        dialog.addEventListener("close", () => {
            dialog.remove();
            document.getElementById(id)?.focus();
        });
        document.body.append(dialog);
        dialog.showModal();
        return dialog;
    }

    function closeAround(frame) {
        for (const dialog of document.querySelectorAll("dialog.panel")) {
            if (dialog.querySelector("iframe").contentWindow === frame) {
                dialog.close();
            }
        }
    }

    function closesWhenSaved() {
        for (const name of ["dismissAddRelatedObjectPopup", "dismissChangeRelatedObjectPopup"]) {
            const told = window[name];
            window[name] = (frame, ...rest) => {
                told(frame, ...rest);
                closeAround(frame);
            };
        }
    }

    function inPanel(address) {
        const url = new URL(address, window.location.href);
        url.searchParams.set("_popup", "1");
        return url.toString();
    }

    // The links beside a relation ------------------------------------------------------

    document.addEventListener("DOMContentLoaded", () => {
        const $ = window.django?.jQuery;
        if (!$ || !window.dismissAddRelatedObjectPopup) {
            return;
        }
        $(document.body).on("django:show-related", (event) => {
            if (NAME.test(event.target.id)) {
                event.preventDefault();
                event.target.closest("[popover]")?.hidePopover();
                const id = event.target.id.replace(NAME, "");
                openPanel(inPanel(event.target.href), id, event.target.textContent.trim());
            }
        });
        $(document.body).on("django:update-related", ".related-widget-wrapper select", (event) => {
            event.preventDefault();
            const { value } = event.target;
            for (const link of event.target.closest(".related-widget-wrapper").querySelectorAll("[data-href-template]")) {
                if (value) {
                    link.href = link.dataset.hrefTemplate.replace("__fk__", value);
                } else {
                    link.removeAttribute("href");
                }
                link.hidden = !value;
            }
        });
        closesWhenSaved();
        makesWhatIsMissing($);
    });

    document.addEventListener("click", (event) => {
        const more = event.target.closest(".related-more");
        more?.nextElementSibling.togglePopover({ source: more });
    });

    document.addEventListener(
        "toggle",
        (event) => {
            const links = event.target;
            if (!links.matches?.(".related-links")) {
                return;
            }
            const more = links.previousElementSibling;
            more.setAttribute("aria-expanded", String(event.newState === "open"));
            if (event.newState === "open") {
                const { bottom, right } = more.getBoundingClientRect();
                links.style.top = `${bottom + 4}px`;
                links.style.left = `${Math.max(8, right - links.offsetWidth)}px`;
                links.querySelector("a[href]")?.focus();
            }
        },
        true,
    );

    // The keyboard is never in the select that a search stands for.
    document.addEventListener("focusin", (event) => {
        if (event.target.matches("select.select2-hidden-accessible")) {
            event.target.nextElementSibling?.querySelector(".select2-selection")?.focus();
        }
    });

    // Whoever types in a relation searches at once, without opening it first.
    document.addEventListener("keydown", (event) => {
        const search = event.target.closest?.(".select2-selection--single");
        const types = event.key.length === 1 && event.key !== " ";
        if (!search || !types || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const $ = window.django.jQuery;
        const select = search.closest(".select2-container").previousElementSibling;
        if (select && !$(select).data("select2")?.isOpen()) {
            event.preventDefault();
            $(select).select2("open");
            const field = document.querySelector(".select2-container--open .select2-search__field");
            if (field) {
                field.focus(); // at once: the library does so a moment later
                field.value = event.key;
                $(field).trigger("input");
            }
        }
    });

    // Tab takes what was found, as it takes an offered date, and goes on to the next field;
    // nothing is taken of what nobody has searched for.
    document.addEventListener(
        "keydown",
        (event) => {
            const search = event.target.closest?.(".select2-search__field");
            if (event.key !== "Tab" || event.shiftKey || !search?.value) {
                return;
            }
            const select = window.django.jQuery(".select2-container--open").prev("select")[0];
            const found = document.querySelector(".select2-results__option--highlighted");
            if (!select || !found || found.matches("[role=alert]")) {
                return;
            }
            event.preventDefault();
            event.stopImmediatePropagation();
            window.django.jQuery(found).trigger("mouseup");
            if (!document.querySelector("dialog[open]")) {
                nextOf(select)?.focus();
            }
        },
        true,
    );

    function nextOf(select) {
        const form = select.form;
        const shown = [...form.querySelectorAll("input, select, textarea")].filter(
            (field) => field.closest("fieldset") && (field === select || field.offsetParent) && field.type !== "hidden",
        );
        const next = shown[shown.indexOf(select) + 1];
        return next?.nextElementSibling?.querySelector?.(".select2-selection") ?? next;
    }

    // What is searched for and not there -----------------------------------------------

    function adderOf(select) {
        return select.closest(".related-widget-wrapper")?.querySelector("a.add-related");
    }

    function makesWhatIsMissing($) {
        const asked = ({ dataset }) => ({ term, page }) => ({
            term,
            page,
            app_label: dataset.appLabel,
            model_name: dataset.modelName,
            field_name: dataset.fieldName,
        });

        function search(_place, select) {
            const adder = adderOf(select);
            const creating = adder && select.dataset.create;

            // Behind all that was found. It is no option of the select, which would take
            // it at once where nothing is chosen yet.
            function withNew({ results, pagination }, { term }) {
                const called = (term ?? "").trim();
                if (creating && called && !pagination?.more) {
                    const text = creating.replace("%s", called);
                    return { results: [...results, { id: `=${called}`, text, called }], pagination };
                }
                return { results, pagination };
            }

            $(select).select2({ ajax: { data: asked(select), processResults: withNew } });
            $(select).on("select2:selecting", (event) => {
                const { called } = event.params.args.data;
                if (called) {
                    event.preventDefault();
                    $(select).select2("close");
                    const address = new URL(adder.href);
                    address.searchParams.set("called", called);
                    openPanel(inPanel(address), select.id, adder.textContent.trim());
                }
            });
        }

        if ($.fn.djangoAdminSelect2) {
            $.fn.djangoAdminSelect2 = function () {
                return this.each(search);
            };
        }
    }

    // A form in a frame, be it a panel or not ------------------------------------------

    function focusFirst() {
        const inputs = [
            ...document.querySelectorAll(
                "fieldset :is(input, select, textarea)[name]:not([type=hidden], [disabled])",
            ),
        ];
        const first = inputs.find((input) => input.required && !input.value) ?? inputs[0];
        (first?.nextElementSibling?.querySelector?.(".select2-selection") ?? first)?.focus();
    }

    window.closePanel = closeAround;

    if (window.parent !== window) {
        // Once the searches are made; and once more if Django, which does it at any time,
        // has put the keyboard somewhere else and nobody has typed by then.
        let isTyped = false;
        document.addEventListener("keydown", () => (isTyped = true), { once: true });
        document.addEventListener("DOMContentLoaded", () => window.django?.jQuery(focusFirst));
        window.addEventListener("load", () => isTyped || focusFirst());
        document.addEventListener("keydown", (event) => {
            const inUse = document.querySelector("dialog[open], .select2-container--open");
            if (event.key === "Escape" && !inUse) {
                window.parent.closePanel?.(window);
            }
            window.parent.quoteFromText?.(event);
        });
    }
})();
