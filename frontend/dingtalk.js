// Only inside DingTalk: asks the client who is reading, without a form. A file of its own, loaded by the one page that needs it.
import "dingtalk-jsapi/entry/union";
import { requestAuthCode$ as requestAuthCode } from "dingtalk-jsapi/api/runtime/permission/requestAuthCode";

const form = document.querySelector("form[data-dingtalk]");
const WAIT = 8000;

function failed() {
  document.querySelector("[data-asking]").hidden = true;
  document.querySelector("[data-failed]").hidden = false;
}

async function ask() {
  const said = await requestAuthCode({ corpId: form.dataset.corp, clientId: form.dataset.client });
  form.elements.code.value = said.code;
  clearTimeout(late);
  form.submit();
}

const late = setTimeout(failed, WAIT);
ask().catch(failed);
