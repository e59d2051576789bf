//! Form bodies with brackets: `card[number]=4242&expand[]=charge` as a tree.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::errors::ApiError;

/// Key and value pairs that Stripe objects carry for their owner.
pub(crate) type Metadata = BTreeMap<String, String>;

/// Deeper than this no parameter of the API goes.
const DEEPEST: usize = 8;

/// The parameters of a call, as a tree of objects, lists and texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Map<String, Value>);

impl Params {
    /// Reads `a=1&b[c]=2&d[]=3&e[0]=4`.
    ///
    /// # Errors
    /// Brackets that do not pair, and keys that are both a value and a parent.
    pub(crate) fn parse(raw: &[u8]) -> Result<Self, ApiError> {
        let mut root = Value::Object(Map::new());
        for (key, value) in form_urlencoded::parse(raw) {
            let path = segments(&key)
                .ok_or_else(|| ApiError::invalid(&key, format!("Invalid parameter name: {key}")))?;
            place(&mut root, &path, value.into_owned())
                .ok_or_else(|| ApiError::invalid(&key, format!("Invalid parameter: {key}")))?;
        }
        match number_keys_to_lists(root) {
            Value::Object(map) => Ok(Self(map)),
            _ => Err(ApiError::invalid("", "Invalid parameters")),
        }
    }

    /// Refuses names that are not in the list; `expand` and `key` go everywhere.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        let stranger = self.0.keys().find(|name| {
            !known.contains(&name.as_str()) && !["expand", "key"].contains(&name.as_str())
        });
        match stranger {
            Some(name) => Err(ApiError::invalid(
                name,
                format!("Received unknown parameter: {name}"),
            )
            .code("parameter_unknown")),
            None => Ok(()),
        }
    }

    /// A text that is there and not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    }

    /// Whether the name was given at all, be it empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text that has to be there.
    pub(crate) fn need(&self, name: &str) -> Result<&str, ApiError> {
        self.text(name).ok_or_else(|| ApiError::missing(name))
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.text(name)
            .map(|text| {
                text.parse().map_err(|_| {
                    ApiError::invalid(name, format!("Invalid integer: {text}"))
                        .code("parameter_invalid_integer")
                })
            })
            .transpose()
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.text(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(ApiError::invalid(name, format!("Invalid boolean: {other}"))),
        }
    }

    /// The parameters below a name; empty when there are none.
    pub(crate) fn child(&self, name: &str) -> Params {
        match self.0.get(name) {
            Some(Value::Object(map)) => Params(map.clone()),
            _ => Params::default(),
        }
    }

    /// The texts of a list; a single text counts as a list of one.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    /// The raw tree below a name.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Changes metadata as asked: given keys are set, empty ones removed, `metadata=` removes all.
    pub(crate) fn merge_metadata(&self, metadata: &mut Metadata) {
        match self.0.get("metadata") {
            Some(Value::String(text)) if text.is_empty() => metadata.clear(),
            Some(Value::Object(map)) => {
                for (key, value) in map {
                    match value.as_str() {
                        Some("") => drop(metadata.remove(key)),
                        Some(text) => drop(metadata.insert(key.clone(), text.to_owned())),
                        None => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// `a[b][]` as `a`, `b`, and the empty name that means "one more".
fn segments(key: &str) -> Option<Vec<&str>> {
    let Some((head, rest)) = key.split_once('[') else {
        return (!key.is_empty() && !key.contains(']')).then(|| vec![key]);
    };
    let inner = rest.strip_suffix(']')?;
    let mut path = vec![head];
    path.extend(inner.split("]["));
    let sound = !head.is_empty()
        && path.len() <= DEEPEST
        && path.iter().all(|part| !part.contains(['[', ']']));
    sound.then_some(path)
}

fn place(node: &mut Value, path: &[&str], value: String) -> Option<()> {
    let Some((name, rest)) = path.split_first() else {
        *node = Value::String(value);
        return Some(());
    };
    if node.is_null() {
        *node = Value::Object(Map::new());
    }
    let map = node.as_object_mut()?;
    let name = if name.is_empty() {
        map.len().to_string()
    } else {
        (*name).to_owned()
    };
    place(map.entry(name).or_insert(Value::Null), rest, value)
}

/// An object whose names are all numbers was a list.
fn number_keys_to_lists(node: Value) -> Value {
    let Value::Object(map) = node else {
        return node;
    };
    let mut items: Vec<(String, Value)> = map
        .into_iter()
        .map(|(name, value)| (name, number_keys_to_lists(value)))
        .collect();
    let numbered = !items.is_empty() && items.iter().all(|(name, _)| name.parse::<u32>().is_ok());
    if !numbered {
        return Value::Object(items.into_iter().collect());
    }
    items.sort_by_key(|(name, _)| name.parse::<u32>().unwrap_or(u32::MAX));
    Value::Array(items.into_iter().map(|(_, value)| value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_become_a_tree() {
        let params = Params::parse(
            b"amount=5&payment_method_data[card][number]=4242&metadata[order]=A%261&expand[]=a&expand[]=b&types[1]=y&types[0]=x",
        )
        .expect("well formed");
        assert_eq!(params.integer("amount").expect("a number"), Some(5));
        assert_eq!(
            params
                .child("payment_method_data")
                .child("card")
                .text("number"),
            Some("4242")
        );
        assert_eq!(params.child("metadata").text("order"), Some("A&1"));
        assert_eq!(params.list("expand"), ["a", "b"]);
        assert_eq!(params.list("types"), ["x", "y"]);
    }

    #[test]
    fn what_does_not_pair_is_refused() {
        for bad in [
            "a[b=1",
            "a]b=1",
            "[a]=1",
            "a=1&a[b]=2",
            "a[b][c][d][e][f][g][h][i]=1",
        ] {
            assert!(Params::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn metadata_is_merged() {
        let mut metadata = Metadata::from([("a".into(), "1".into()), ("b".into(), "2".into())]);
        Params::parse(b"metadata[a]=&metadata[c]=3")
            .expect("fine")
            .merge_metadata(&mut metadata);
        assert_eq!(
            metadata,
            Metadata::from([("b".into(), "2".into()), ("c".into(), "3".into())])
        );
    }
}
