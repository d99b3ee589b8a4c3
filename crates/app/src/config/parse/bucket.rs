//! The settings of the bucket.

use super::Reader;
use crate::config::{Problem, values};
use gateways::blobs::S3Settings;

impl Reader<'_> {
    /// Returns the bucket; nothing where files stay in the data folder.
    pub(super) fn bucket(&mut self) -> Option<S3Settings> {
        let bucket = self.optional("S3_BUCKET", values::bucket);
        let prefix = self.required("S3_PREFIX", values::key_prefix);
        let encryption = self.optional("S3_ENCRYPTION", values::encryption);
        let encryption_key = self.optional("S3_ENCRYPTION_KEY", values::word);
        let region = self.required("AWS_REGION", values::word);
        let endpoint = self.optional("AWS_ENDPOINT_URL_S3", values::base_url);
        let key = self.optional("AWS_ACCESS_KEY_ID", values::word);
        let secret = self.optional("AWS_SECRET_ACCESS_KEY", |text| values::secret(text, 1));
        let session_token = self.optional("AWS_SESSION_TOKEN", |text| values::secret(text, 1));
        let role = self.optional("AWS_ROLE_ARN", values::word);
        let file = self.optional("AWS_WEB_IDENTITY_TOKEN_FILE", values::word);
        let bucket = bucket?;
        for (name, other) in [
            ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
        ] {
            if self.is_said(name) && !self.is_said(other) {
                self.problems.push(Problem::new(
                    other,
                    format!("{other} is not set, but {name} is"),
                    "set both, or neither where the machine has a role".to_owned(),
                ));
            }
        }
        if self.is_said("S3_ENCRYPTION_KEY") && encryption.as_deref() != Some("aws:kms") {
            self.problems.push(Problem::new(
                "S3_ENCRYPTION_KEY",
                "S3_ENCRYPTION_KEY is set, but S3_ENCRYPTION is not aws:kms".to_owned(),
                "set S3_ENCRYPTION=aws:kms, or leave the key out".to_owned(),
            ));
        }
        Some(S3Settings {
            bucket,
            prefix: prefix?,
            region: region?,
            endpoint,
            access_key: key.zip(secret),
            session_token,
            web_identity: role.zip(file),
            encryption,
            encryption_key,
        })
    }
}
