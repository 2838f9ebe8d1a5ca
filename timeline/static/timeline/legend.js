// Makes each entry of the legend a switch for the marks that it explains.
const stage = document.querySelector(".stage");

function toggle(key) {
    const isHidden = stage.classList.toggle(`without-${key.dataset.explains}`);
    key.setAttribute("aria-pressed", String(!isHidden));
}

// The legend comes anew with each window, and what is hidden stays so.
function prepare() {
    for (const key of document.querySelectorAll("[data-explains]:not([role])")) {
        key.setAttribute("role", "button");
        key.tabIndex = 0;
        const isHidden = stage.classList.contains(`without-${key.dataset.explains}`);
        key.setAttribute("aria-pressed", String(!isHidden));
    }
}

document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-explains]");
    if (key) {
        toggle(key);
    }
});
document.addEventListener("keydown", (event) => {
    const key = event.target.closest?.("[data-explains]");
    if (key && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        toggle(key);
    }
});
stage.addEventListener("moved", prepare);
prepare();
