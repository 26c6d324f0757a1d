// The website's snippet. Comments stand on lines of their own and no text
// spans lines: what is served has neither comments nor indentation.
//
//   <script async src="https://muster.example/muster.js" data-key="KEY"></script>
//
// Nothing is stored or sent before muster.consent(true), unless the page says
// data-consent="given". Nothing that fails here ever reaches the page.
(function () {
  "use strict";
  var script = document.currentScript;
  var early = window.muster;
  if (!script || (early && early.version)) return;

  var option = function (name) { return script.getAttribute("data-" + name) || ""; };
  var key = option("key");
  var server = option("server") || new URL(script.src).origin;
  var gated = option("consent") !== "given";
  // A visit ends after half an hour without a sign of life.
  var visitEnds = 30 * 60e3;
  // What is older than this was delivered by a beacon, or is no longer true.
  var stale = 12 * 3600e3;
  var groupsFresh = 60e3;
  var most = 200;

  var store = {
    get: function (name) { try { return JSON.parse(localStorage.getItem("muster." + name)); } catch (e) { return null; } },
    set: function (name, value) { try { localStorage.setItem("muster." + name, JSON.stringify(value)); } catch (e) { memory[name] = value; } },
    drop: function (name) { delete memory[name]; try { localStorage.removeItem("muster." + name); } catch (e) { } }
  };
  var memory = {};
  var read = function (name) { return name in memory ? memory[name] : store.get(name); };

  // Handlers of a page's events must never break it.
  var safely = function (fn) { return function (a, b) { try { return fn(a, b); } catch (e) { } }; };

  var random = function () {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    return Date.now().toString(36) + "-" + Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
  };

  // Consent: true, false, or null as long as nobody has said.
  var consented = function () {
    var said = read("consent");
    return said === null || said === undefined ? !gated : said;
  };

  // The visitor id is a first-party cookie, kept for a year after the last visit.
  var cookie = function (value, seconds) {
    document.cookie = "muster_visitor=" + value + ";path=/;samesite=lax;max-age=" + seconds +
      (option("domain") ? ";domain=" + option("domain") : "") + (location.protocol === "https:" ? ";secure" : "");
  };
  var visitor = function () {
    var found = /(?:^|; )muster_visitor=([^;]+)/.exec(document.cookie);
    var id = found ? found[1] : read("visitor") || random();
    cookie(id, 31536000);
    // Where cookies are off.
    if (!found) store.set("visitor", id);
    return id;
  };

  var queue = function () { return read("queue") || []; };
  var timer = 0;
  var wait = 0;
  var sending = null;

  var send = function (message) {
    if (!key || !consented()) return;
    message.messageId = random();
    message.anonymousId = visitor();
    message.timestamp = new Date().toISOString();
    message.context = {
      page: { path: path(), url: location.href, title: document.title, referrer: referrer },
      locale: navigator.language
    };
    store.set("queue", queue().concat(message).slice(-most));
    later(20);
  };
  var later = function (after) {
    clearTimeout(timer);
    timer = setTimeout(flush, after);
  };
  var body = function (batch) {
    return JSON.stringify({ writeKey: key, sentAt: new Date().toISOString(), batch: batch });
  };
  // Half of what browsers let pages send while they are left.
  var portion = function (batch) {
    var n = batch.length;
    while (n > 1 && body(batch.slice(0, n)).length > 30000) n = n >> 1;
    return batch.slice(0, n);
  };
  var without = function (batch) {
    var ids = batch.map(function (m) { return m.messageId; });
    store.set("queue", queue().filter(function (m) { return ids.indexOf(m.messageId) < 0; }));
  };
  var flush = function () {
    var batch = portion(queue());
    if (!batch.length || sending || !consented()) return;
    var call = sending = new AbortController();
    fetch(server + "/v1/batch", { method: "POST", body: body(batch), keepalive: true, credentials: "omit", signal: call.signal }).then(function (answer) {
      // What is refused for good would be refused again.
      if (answer.ok || (answer.status < 500 && answer.status !== 429)) return true;
      throw answer;
    }).then(function () {
      sending = null;
      wait = 0;
      if (!call.signal.aborted) without(batch);
      if (queue().length) later(0);
    }, function () {
      sending = null;
      wait = Math.min(wait * 2 || 1000, 60e3);
      if (!call.signal.aborted) later(wait);
    });
  };
  // A beacon is not answered, so what it carries stays in the queue and is sent
  // again by the next page: the server recognises it.
  var leave = function () {
    var batch = portion(queue());
    if (batch.length && consented() && navigator.sendBeacon) navigator.sendBeacon(server + "/v1/batch", body(batch));
  };

  // Pages. Apps that route by the hash have paths there.
  var path = function () { return location.pathname + (/^#!?\//.test(location.hash) ? location.hash : ""); };
  var referrer = document.referrer;
  var current = location.href;
  var page = function (properties) {
    if (!consented()) return;
    var now = Date.now();
    var landing = now - (read("seen") || 0) > visitEnds;
    store.set("seen", now);
    send({ type: "page", properties: properties || {} });
    // The server takes pages with a campaign for landing pages by itself.
    if (landing && !/[?&]utm_(source|medium|campaign|content|term)=/.test(location.search)) {
      send({ type: "track", event: "landing_page", properties: { page: path(), url: location.href, title: document.title, referrer: referrer } });
    }
  };
  var moved = safely(function () {
    var to = location.href;
    if (to.split("#")[0] === current.split("#")[0] && !/#!?\//.test(to + current)) return;
    if (to === current) return;
    referrer = current;
    current = to;
    // Apps set the title a moment after the address.
    setTimeout(safely(function () { if (location.href === to) page(); }), 60);
  });

  var listed = function (text) { return text ? text.split(/[\s,]+/) : []; };
  var submitted = safely(function (event) {
    var form = event.target;
    var name = form.getAttribute("data-muster-form") || form.getAttribute("name") || form.id;
    if (!name || form.hasAttribute("data-muster-ignore")) return;
    var allowed = listed(option("fields")).concat(listed(form.getAttribute("data-muster-fields")));
    var known = listed(form.getAttribute("data-muster-traits"));
    var properties = { form: name };
    var traits = null;
    Array.prototype.forEach.call(form.elements, function (input) {
      var field = input.name;
      if (!field || /^(password|file|hidden)$/.test(input.type) || /^cc-/.test(input.autocomplete || "")) return;
      if (/^(checkbox|radio)$/.test(input.type) && !input.checked) return;
      var value = String(input.value).trim().slice(0, 500);
      if (!value) return;
      var at = "field." + field;
      if (allowed.indexOf(field) >= 0) properties[at] = properties[at] ? properties[at] + ", " + value : value;
      if (known.indexOf(field) >= 0) (traits = traits || {})[field] = value;
    });
    send({ type: "track", event: "form_submit", properties: properties });
    if (traits) send({ type: "identify", traits: traits });
  });

  var clicked = safely(function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || link.hasAttribute("data-muster-ignore")) return;
    var elsewhere = link.host !== location.host || link.hasAttribute("download");
    if (elsewhere || link.hasAttribute("data-muster-click") || option("links") === "all") send({ type: "track", event: "click", properties: { url: link.href, value: link.getAttribute("data-muster-click") || undefined } });
  });

  // Groups come from the cache at once; it is renewed behind the page's back.
  var asked = null;
  var renew = function () {
    return asked = asked || fetch(server + "/v1/groups", {
      method: "POST", credentials: "omit", signal: AbortSignal.timeout && AbortSignal.timeout(2000),
      body: JSON.stringify({ writeKey: key, anonymousId: visitor() })
    }).then(function (answer) { return answer.ok ? answer.json() : Promise.reject(answer); }).then(function (found) {
      asked = null;
      if (consented()) store.set("groups", { at: Date.now(), of: found.groups });
      return found.groups;
    }, function () {
      asked = null;
      var kept = read("groups");
      return kept ? kept.of : [];
    });
  };
  var groups = function (then) {
    var answer = Promise.resolve([]);
    if (key && consented()) {
      var kept = read("groups");
      if (!kept || Date.now() - kept.at > groupsFresh) answer = renew();
      if (kept) answer = Promise.resolve(kept.of);
    }
    if (then) answer.then(then);
    return answer;
  };

  var forget = function () {
    cookie("", 0);
    ["queue", "seen", "groups", "visitor", "consent"].forEach(store.drop);
  };

  var muster = {
    version: 1,
    page: safely(page),
    track: safely(function (event, properties) { send({ type: "track", event: event, properties: properties || {} }); }),
    identify: safely(function (user, traits) {
      if (typeof user === "object") { traits = user; user = undefined; }
      send({ type: "identify", userId: user, traits: traits || {} });
    }),
    groups: function (then) { try { return groups(then); } catch (e) { return Promise.resolve([]); } },
    // consent(true) begins, with the page that is open. consent(false) stops and
    // forgets what was not sent; with {erase: true} the visitor id as well.
    consent: safely(function (given, how) {
      var before = consented();
      if (given) {
        store.set("consent", true);
        if (!before) page();
        return;
      }
      clearTimeout(timer);
      if (sending) sending.abort();
      store.drop("queue");
      if (how && how.erase) {
        forget();
        gated = true;
      } else {
        store.set("consent", false);
      }
    }),
    visitor: function () { return consented() ? visitor() : null; },
    push: safely(function (call) { muster[call[0]].apply(muster, call.slice(1)); })
  };
  window.muster = muster;

  ["pushState", "replaceState"].forEach(function (name) {
    var original = history[name];
    history[name] = function () {
      var answer = original.apply(this, arguments);
      moved();
      return answer;
    };
  });
  window.addEventListener("popstate", moved);
  window.addEventListener("hashchange", moved);
  window.addEventListener("online", safely(flush));
  window.addEventListener("pagehide", safely(leave));
  document.addEventListener("visibilitychange", safely(function () { if (document.visibilityState === "hidden") leave(); }));
  document.addEventListener("submit", submitted, true);
  document.addEventListener("click", clicked, true);
  document.addEventListener("auxclick", clicked, true);

  safely(function () {
    if (consented()) {
      var now = Date.now();
      store.set("queue", queue().filter(function (m) { return m.type !== "identify" || now - Date.parse(m.timestamp) < stale; }));
      page();
    }
    if (Array.isArray(early)) early.forEach(muster.push);
  })();
})();
