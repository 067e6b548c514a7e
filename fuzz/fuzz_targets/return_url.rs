//! Addresses for browsers: what is accepted is a plain one to a browser, too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mockpos::config::base_url;
use mockpos::surface::browser_url::is_browser_url;
use mockpos_fuzz::timed;
use url::Url;

fuzz_target!(|text: &str| {
    timed(|| {
        // Err: it says what was expected
        let _ = base_url(text);
        if !is_browser_url(text) {
            return;
        }
        http::HeaderValue::from_str(text).map_or_else(|_| assert!(!text.is_ascii()), drop);
        // Err: a name that no browser goes to
        if let Ok(url) = Url::parse(text) {
            assert!(matches!(url.scheme(), "http" | "https"), "{text:?}");
            assert!(
                url.username().is_empty() && url.password().is_none(),
                "{text:?}"
            );
            assert!(url.has_host(), "{text:?}");
        }
    });
});
