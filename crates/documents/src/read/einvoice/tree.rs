//! An XML document as a small tree of local names. Document types and entities are refused.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

/// The most levels of elements; invoices need some fifteen.
const DEEPEST: usize = 64;
/// The most elements; a bill with ten thousand lines has some half a million.
const MOST_NODES: usize = 1_000_000;

/// An element. Names are without prefix, text is that directly inside it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    pub name: String,
    attributes: Vec<(String, String)>,
    text: String,
    pub children: Vec<Self>,
}

impl Node {
    /// Returns all elements at a path such as `Party/PartyName/Name`, in document order.
    ///
    /// A step may name alternatives: `ApplicablePercent|RateApplicablePercent`.
    pub fn all(&self, path: &str) -> Vec<&Self> {
        path.split('/').fold(vec![self], |found, step| {
            found
                .into_iter()
                .flat_map(|node| node.children.iter())
                .filter(|child| step.split('|').any(|name| name == child.name))
                .collect()
        })
    }

    /// Returns the first element at a path.
    pub fn first(&self, path: &str) -> Option<&Self> {
        self.all(path).into_iter().next()
    }

    /// Returns the first text at a path that is not empty, white space folded.
    pub fn text(&self, path: &str) -> Option<String> {
        self.all(path).into_iter().find_map(Self::own_text)
    }

    /// Returns the text at the first of several paths that has one.
    pub fn any(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.text(path))
    }

    /// Returns the element's own text, white space folded, or nothing where it is empty.
    pub fn own_text(&self) -> Option<String> {
        let words: Vec<&str> = self.text.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Returns an attribute by its local name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Parses a document, or returns nothing where it is not well formed or beyond the limits.
pub fn parse(text: &str) -> Option<Node> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Node> = vec![Node::default()];
    let mut nodes = 0_usize;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                nodes = nodes.checked_add(1)?;
                open.push(node(&start)?);
            }
            Event::Empty(start) => {
                nodes = nodes.checked_add(1)?;
                let node = node(&start)?;
                open.last_mut()?.children.push(node);
            }
            Event::End(_) => {
                let node = open.pop()?;
                open.last_mut()?.children.push(node);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text.xml10_content()),
            Event::CData(text) => open.last_mut()?.text.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => open.last_mut()?.text.push(character(&entity)?),
            Event::DocType(_) => return None,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
        if open.len() > DEEPEST || nodes > MOST_NODES {
            return None;
        }
    }
    let document = open.pop().filter(|_| open.is_empty())?;
    document.children.into_iter().next()
}

fn node(start: &BytesStart<'_>) -> Option<Node> {
    let mut node = Node { name: start.local_name().as_ref().to_owned(), ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        let name = attribute.key.local_name().as_ref().to_owned();
        node.attributes.push((name, value.into_owned()));
    }
    Some(node)
}

/// Returns the character of a reference; only the five of XML itself and numbers are known.
fn character(entity: &BytesRef<'_>) -> Option<char> {
    if let Some(character) = entity.resolve_char_ref().ok()? {
        return Some(character);
    }
    match entity.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_prefix_and_references_become_characters() {
        let root =
            parse("<x:a xmlns:x='u' id='1'><x:b> A &amp; B\n &#x26; <![CDATA[<C>]]></x:b></x:a>");
        let root = root.unwrap();
        assert_eq!(root.name, "a");
        assert_eq!(root.attribute("id"), Some("1"));
        assert_eq!(root.text("b").as_deref(), Some("A & B & <C>"));
    }

    #[test]
    fn document_types_and_unknown_entities_are_refused() {
        assert_eq!(parse("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), None);
        assert_eq!(parse("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), None);
        assert_eq!(parse("<a>&b;</a>"), None);
    }

    #[test]
    fn what_is_not_well_formed_or_too_deep_is_refused() {
        assert_eq!(parse("<a><b></a>"), None);
        assert_eq!(parse("<a>"), None);
        assert_eq!(parse(""), None);
        assert_eq!(parse(&"<a>".repeat(10_000)), None);
    }
}
