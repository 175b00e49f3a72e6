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
    /// Hetzner Object Storage.
    Hetzner = "hetzner", "Hetzner Object Storage";
    /// IDrive e2.
    IdriveE2 = "idrive-e2", "IDrive e2";
    /// Linode's (Akamai's) Object Storage.
    Linode = "linode", "Linode Object Storage";
    /// Vultr Object Storage.
    Vultr = "vultr", "Vultr Object Storage";
    /// OVHcloud Object Storage.
    Ovh = "ovh", "OVHcloud Object Storage";
    /// Exoscale SOS.
    Exoscale = "exoscale", "Exoscale Object Storage";
    /// IONOS S3 Object Storage.
    Ionos = "ionos", "IONOS Object Storage";
    /// UpCloud Object Storage.
    UpCloud = "upcloud", "UpCloud Object Storage";
    /// Contabo Object Storage.
    Contabo = "contabo", "Contabo Object Storage";
    /// Tigris.
    Tigris = "tigris", "Tigris";
    /// Supabase Storage.
    Supabase = "supabase", "Supabase Storage";
    /// Yandex Object Storage.
    Yandex = "yandex", "Yandex Object Storage";
    /// Huawei Cloud OBS.
    Huawei = "huawei", "Huawei Cloud OBS";
    /// MEGA S4.
    MegaS4 = "mega-s4", "MEGA S4";
    /// OpenStack Swift.
    Swift = "swift", "OpenStack Swift";
    /// NetApp StorageGRID.
    StorageGrid = "storagegrid", "StorageGRID";
    /// Dell ECS.
    Ecs = "ecs", "Dell ECS";
    /// Cloudian HyperStore.
    Cloudian = "cloudian", "Cloudian HyperStore";
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
