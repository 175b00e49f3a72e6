//! The S3 servers and services that have a name here.

macro_rules! products {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $name:literal;)*) => {
        /// What a server is.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Product {
            /// An S3 server of a kind that is not known.
            #[default]
            Unknown,
            $($(#[$doc])* $variant,)*
        }

        impl Product {
            /// All that have a name.
            pub const NAMED: &[Self] = &[$(Self::$variant,)*];

            /// The word in the saved file.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    Self::Unknown => "unknown",
                    $(Self::$variant => $word,)*
                }
            }

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Unknown => "an S3 server",
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

products! {
    /// Amazon's own.
    AmazonS3 = "amazon-s3", "Amazon S3";
    /// The S3 server inside this program.
    BuiltIn = "built-in", "the built-in bucket";
    /// SeaweedFS.
    SeaweedFs = "seaweedfs", "SeaweedFS";
    /// MinIO.
    Minio = "minio", "MinIO";
    /// RustFS.
    RustFs = "rustfs", "RustFS";
    /// Ceph's RADOS Gateway.
    Ceph = "ceph", "Ceph RGW";
    /// Garage.
    Garage = "garage", "Garage";
    /// Cloudflare R2.
    R2 = "r2", "Cloudflare R2";
    /// Backblaze B2.
    B2 = "b2", "Backblaze B2";
    /// Google Cloud Storage.
    Gcs = "gcs", "Google Cloud Storage";
    /// Wasabi.
    Wasabi = "wasabi", "Wasabi";
    /// DigitalOcean Spaces.
    Spaces = "spaces", "DigitalOcean Spaces";
    /// Scaleway Object Storage.
    Scaleway = "scaleway", "Scaleway Object Storage";
    /// IBM Cloud Object Storage.
    Ibm = "ibm", "IBM Cloud Object Storage";
    /// Oracle Cloud Object Storage.
    Oracle = "oracle", "Oracle Object Storage";
    /// Alibaba Cloud OSS.
    Aliyun = "aliyun", "Alibaba Cloud OSS";
    /// Tencent Cloud COS.
    Tencent = "tencent", "Tencent COS";
    /// Storj.
    Storj = "storj", "Storj";
    /// Versity S3 Gateway.
    Versity = "versity", "Versity S3 Gateway";
    /// LocalStack.
    LocalStack = "localstack", "LocalStack";
    /// moto.
    Moto = "moto", "moto";
    /// `rclone serve s3`.
    Rclone = "rclone", "rclone";
}

impl Product {
    /// The product of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::NAMED
            .iter()
            .copied()
            .find(|one| one.word() == word)
            .or_else(|| (word == Self::Unknown.word()).then_some(Self::Unknown))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_come_once_and_read_back() {
        let mut words = BTreeSet::new();
        for product in Product::NAMED {
            assert_eq!(Product::from_word(product.word()), Some(*product));
            assert!(words.insert(product.word()), "{product:?}");
        }
        assert_eq!(Product::from_word("unknown"), Some(Product::Unknown));
    }
}
