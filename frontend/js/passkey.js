// A form marked data-passkey asks the server for a challenge, lets the browser make or show a passkey, and sends its answer.
import { cookie } from "./said.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (all) => (all || []).map((one) => Object.assign({}, one, { id: bytes(one.id) }));

async function options(address) {
  const answer = await fetch(address, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": cookie("csrftoken"), Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).publicKey;
}

async function make(asked) {
  asked.challenge = bytes(asked.challenge);
  asked.user.id = bytes(asked.user.id);
  asked.excludeCredentials = listed(asked.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey: asked });
  return { response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) }, made };
}

async function show(asked) {
  asked.challenge = bytes(asked.challenge);
  asked.allowCredentials = listed(asked.allowCredentials);
  const made = await navigator.credentials.get({ publicKey: asked });
  const { authenticatorData, clientDataJSON, signature, userHandle } = made.response;
  const response = { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature) };
  if (userHandle) response.userHandle = text(userHandle);
  return { response, made };
}

async function send(form) {
  const asked = await options(form.dataset.passkey);
  const { response, made } = await (form.dataset.passkeyKind === "create" ? make(asked) : show(asked));
  const said = { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
  form.elements.credential.value = JSON.stringify(said);
  form.submit();
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!window.PublicKeyCredential || !window.isSecureContext) return;
  form.hidden = false;
  const failed = form.querySelector("[data-passkey-failed]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    failed.hidden = true;
    send(form).catch(() => { failed.hidden = false; });
  });
});
