//! A browser as the harness needs one: cookies, forms, and any node it is led to.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, RequestBuilder};

/// Longer than any line of the server.
const TIMEOUT: Duration = Duration::from_secs(40);

/// An answer with its page.
#[derive(Debug)]
pub struct Shown {
    pub status: u16,
    /// Where it leads, for a redirect.
    pub to: String,
    pub page: String,
}

/// One browser; what it is given it brings along to every node.
#[derive(Debug, Clone)]
pub struct Browser {
    agent: Agent,
    cookies: BTreeMap<String, String>,
    /// The address that a proxy in front would tell of; nothing where there is none.
    client: Option<String>,
}

impl Browser {
    /// One that keeps no connection open: a proxy then leads each request anew.
    pub fn new() -> Self {
        let settings = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .proxy(None)
            .build();
        Self { agent: settings.into(), cookies: BTreeMap::new(), client: None }
    }

    /// The same at this address, as the proxy in front says.
    pub fn at(self, client: String) -> Self {
        Self { client: Some(client), ..self }
    }

    /// Asks the server at `port` for a page.
    pub fn get(&mut self, port: u16, path: &str) -> Result<Shown> {
        let request = self.agent.get(format!("http://127.0.0.1:{port}{path}"));
        let answer = self.signed(request).call()?;
        self.shown(answer)
    }

    /// Sends a form.
    pub fn post(&mut self, port: u16, path: &str, fields: &[(&str, &str)]) -> Result<Shown> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.agent.post(format!("http://127.0.0.1:{port}{path}"));
        let request = self.signed(request).header("sec-fetch-site", "same-origin");
        let answer = request.content_type("application/x-www-form-urlencoded").send(&body)?;
        self.shown(answer)
    }

    /// Sends a form that the server has drawn: with the command id that stands in it.
    pub fn submit(&mut self, port: u16, path: &str, fields: &[(&str, &str)]) -> Result<Shown> {
        let drawn = self.get(port, path)?;
        ensure!(drawn.status == 200, "{path} answers {}", drawn.status);
        let command = hidden(&drawn.page, "command").with_context(|| format!("{path} shows no form"))?;
        let mut all = vec![("command", command.as_str())];
        all.extend(fields);
        self.post(port, path, &all)
    }

    /// Signs in; answers the status.
    pub fn sign_in(&mut self, port: u16, (username, password): (&str, &str)) -> Result<u16> {
        let fields = [("username", username), ("password", password), ("tiep", "/")];
        self.post(port, "/dang-nhap", &fields).map(|shown| shown.status)
    }

    /// The request with what tells who sends it.
    fn signed<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("cookie", pairs.join("; "));
        match &self.client {
            Some(client) => request.header("x-forwarded-for", client),
            None => request,
        }
    }

    fn shown(&mut self, mut answer: Response<ureq::Body>) -> Result<Shown> {
        for given in answer.headers().get_all("set-cookie") {
            let pair = given.to_str()?.split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.insert(name.trim().to_owned(), value.to_owned());
            }
        }
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let (status, page) = (answer.status().as_u16(), answer.body_mut().read_to_string()?);
        Ok(Shown { status, to, page })
    }
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> Option<String> {
    let field = page.split("<input").find(|field| {
        let end = field.find('>').unwrap_or(field.len());
        field[..end].contains(&format!("name=\"{name}\""))
    })?;
    let value = field.split_once("value=\"")?.1;
    value.split_once('"').map(|(value, _)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_field_is_found_among_others() {
        let page = r#"<input type="text" name="to"><input type="hidden" name="command" value="ab12"><p>x</p>"#;
        assert_eq!(hidden(page, "command").as_deref(), Some("ab12"));
        assert_eq!(hidden(page, "version"), None);
    }
}
