// The code of a letter stands behind the # of its link, which a browser sends to nobody: put it into the form and send that.
const form = document.querySelector("[data-code-form]");
const field = form?.querySelector("input[name='Form.Code']:not([type=hidden])");
const code = decodeURIComponent(location.hash.slice(1));
if (field && code) {
  history.replaceState(null, "", location.pathname);
  field.value = code;
  form.requestSubmit();
}
