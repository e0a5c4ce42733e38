// What the browser's popovers and links do not do by themselves.
document.addEventListener("click", event => {
  const link = event.target.closest?.("a");
  if (!link) return;

  // a drawer or menu closes when one of its links is followed without a page load
  link.closest("[popover]:popover-open")?.hidePopover();

  // <base href="/"> makes "#content" another page: move the focus ourselves
  if (link.hasAttribute("data-skip")) {
    event.preventDefault();
    event.stopPropagation();
    document.getElementById("content")?.focus();
  }
}, true);
