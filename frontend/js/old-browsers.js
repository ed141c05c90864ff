// Chrome 69 (DingTalk on some Androids) lacks what htmx uses.
if (!Object.fromEntries) {
  Object.fromEntries = (pairs) => {
    const made = {};
    for (const [key, value] of pairs) made[key] = value;
    return made;
  };
}
