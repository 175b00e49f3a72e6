//! Which product answers, by its host name and by what only that product sends.
//!
//! A name decides nothing: it is shown, and what a server does is found out by asking it. A host that belongs to a
//! provider is sure; answers only look like a product, for a server may call itself what it likes and a proxy may hide it.

use crate::domain::diagnosis::Product;
use crate::storage::ServerMarks;

/// Names the product behind a host (with or without a port) whose answers showed these marks.
#[must_use]
pub fn product_of(host: &str, marks: &ServerMarks) -> Product {
    of_host(host)
        .or_else(|| of_marks(marks))
        .unwrap_or_default()
}

/// Hosts that belong to one provider.
pub(super) fn of_host(host: &str) -> Option<Product> {
    const ENDINGS: &[(&str, Product)] = &[
        (".amazonaws.com", Product::AmazonS3),
        (".amazonaws.com.cn", Product::AmazonS3),
        (".amazonaws.eu", Product::AmazonS3),
        (".c2s.ic.gov", Product::AmazonS3),
        (".sc2s.sgov.gov", Product::AmazonS3),
        (".cloud.adc-e.uk", Product::AmazonS3),
        (".csp.hci.ic.gov", Product::AmazonS3),
        (".r2.cloudflarestorage.com", Product::R2),
        (".backblazeb2.com", Product::B2),
        (".storage.googleapis.com", Product::Gcs),
        (".wasabisys.com", Product::Wasabi),
        (".digitaloceanspaces.com", Product::Spaces),
        (".scw.cloud", Product::Scaleway),
        (".cloud-object-storage.appdomain.cloud", Product::Ibm),
        (".oraclecloud.com", Product::Oracle),
        (".customer-oci.com", Product::Oracle),
        (".aliyuncs.com", Product::Aliyun),
        (".myqcloud.com", Product::Tencent),
        (".tencentcos.cn", Product::Tencent),
        (".softlayer.net", Product::Ibm),
        (".your-objectstorage.com", Product::Hetzner),
        (".linodeobjects.com", Product::Linode),
        (".vultrobjects.com", Product::Vultr),
        (".cloud.ovh.net", Product::Ovh),
        (".cloud.ovh.us", Product::Ovh),
        (".exo.io", Product::Exoscale),
        (".ionoscloud.com", Product::Ionos),
        (".upcloudobjects.com", Product::UpCloud),
        (".contabostorage.com", Product::Contabo),
        (".tigris.dev", Product::Tigris),
        (".storage.dev", Product::Tigris),
        (".supabase.co", Product::Supabase),
        (".storage.yandexcloud.net", Product::Yandex),
        (".myhuaweicloud.com", Product::Huawei),
        (".s4.mega.io", Product::MegaS4),
        (".storjshare.io", Product::Storj),
        (".localstack.cloud", Product::LocalStack),
    ];
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    let name = format!(".{}", name.to_ascii_lowercase());
    // Accounts have domains of their own: `idrivee2-8.com`.
    let mut labels = name.rsplit('.');
    let domain = (labels.next(), labels.next());
    if let (Some("com"), Some(domain)) = domain
        && (domain == "idrivee2" || domain.starts_with("idrivee2-"))
    {
        return Some(Product::IdriveE2);
    }
    ENDINGS
        .iter()
        .find(|(ending, _)| name.ends_with(ending))
        .map(|(_, product)| *product)
}

/// A word of a header, not a part of another word.
fn names(header: &str, name: &str) -> bool {
    let is_end = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    header.match_indices(name).any(|(at, found)| {
        let (before, after) = (&header[..at], &header[at + found.len()..]);
        is_end(before.chars().next_back()) && is_end(after.chars().next())
    })
}

/// What servers call themselves, and headers of their own.
fn of_marks(marks: &ServerMarks) -> Option<Product> {
    const NAMES: &[(&str, Product)] = &[
        ("amazons3", Product::AmazonS3),
        ("cooperage", Product::BuiltIn),
        ("seaweedfs", Product::SeaweedFs),
        ("rustfs", Product::RustFs),
        ("minio", Product::Minio),
        ("ceph", Product::Ceph),
        ("garage", Product::Garage),
        ("wasabis3", Product::Wasabi),
        ("uploadserver", Product::Gcs),
        ("aliyunoss", Product::Aliyun),
        ("tencent-cos", Product::Tencent),
        ("cleversafe", Product::Ibm),
        ("storj", Product::Storj),
        ("versitygw", Product::Versity),
        ("cloudian", Product::Cloudian),
        ("cloudians3", Product::Cloudian),
        ("storagegrid", Product::StorageGrid),
        ("vipr", Product::Ecs),
        ("obs", Product::Huawei),
        ("localstack", Product::LocalStack),
        ("rclone", Product::Rclone),
        // Amazon's own S3 says AmazonS3.
        ("amazon.com", Product::Moto),
        ("moto", Product::Moto),
    ];
    const HEADERS: &[(&str, Product)] = &[
        ("x-rgw-", Product::Ceph),
        ("x-minio-", Product::Minio),
        ("x-rustfs-", Product::RustFs),
        ("x-guploader-", Product::Gcs),
        ("x-goog-", Product::Gcs),
        ("x-oss-", Product::Aliyun),
        ("x-cos-", Product::Tencent),
        ("x-obs-", Product::Huawei),
        ("x-clv-", Product::Ibm),
        ("x-ntap-", Product::StorageGrid),
        ("x-emc-", Product::Ecs),
        ("x-openstack-request-id", Product::Swift),
        ("x-localstack", Product::LocalStack),
    ];
    let of_header = || {
        marks.names.iter().find_map(|name| {
            HEADERS
                .iter()
                .find(|(start, _)| name.starts_with(start))
                .map(|(_, product)| *product)
        })
    };
    // RGW numbers its requests so (transaction, time, instance, zone), and often stands behind a web server that hides its
    // name. Swift has only the first two.
    let of_request_id = || {
        let id = marks.request_id.as_deref()?;
        let parts: Vec<&str> = id.strip_prefix("tx")?.splitn(4, '-').collect();
        let [digits, time, instance, _zone] = parts[..] else {
            return None;
        };
        let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_rgw = digits.len() >= 20 && [digits, time, instance].into_iter().all(is_hex);
        is_rgw.then_some(Product::Ceph)
    };
    let server = marks.server.as_deref().unwrap_or_default().to_lowercase();
    NAMES
        .iter()
        .find(|(name, _)| names(&server, name))
        .map(|(_, product)| *product)
        .or_else(of_header)
        .or_else(of_request_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(server: &str, names: &[&str], id: &str) -> ServerMarks {
        ServerMarks {
            server: (!server.is_empty()).then(|| server.to_owned()),
            request_id: (!id.is_empty()).then(|| id.to_owned()),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            answered: true,
        }
    }

    #[test]
    fn hosts_belong_to_their_providers() {
        for (host, product) in [
            ("b.s3.eu-west-1.amazonaws.com", Product::AmazonS3),
            ("s3.cn-north-1.amazonaws.com.cn", Product::AmazonS3),
            ("acc.eu.r2.cloudflarestorage.com", Product::R2),
            ("s3.us-west-004.backblazeb2.com:443", Product::B2),
            ("storage.googleapis.com", Product::Gcs),
            ("s3.eu-central-2.wasabisys.com", Product::Wasabi),
            ("b.fra1.digitaloceanspaces.com", Product::Spaces),
            ("s3.fr-par.scw.cloud", Product::Scaleway),
            ("gateway.storjshare.io", Product::Storj),
            ("fsn1.your-objectstorage.com", Product::Hetzner),
            ("s3.us-west-1.idrivee2.com", Product::IdriveE2),
            ("q9d9.or.idrivee2-8.com", Product::IdriveE2),
            ("eu-central-1.linodeobjects.com", Product::Linode),
            ("ewr1.vultrobjects.com", Product::Vultr),
            ("s3.gra.io.cloud.ovh.net", Product::Ovh),
            ("sos-ch-gva-2.exo.io", Product::Exoscale),
            ("s3.eu-central-3.ionoscloud.com", Product::Ionos),
            ("t3.storage.dev", Product::Tigris),
            ("ref.storage.supabase.co", Product::Supabase),
            ("storage.yandexcloud.net", Product::Yandex),
            ("obs.eu-west-101.myhuaweicloud.com", Product::Huawei),
            ("s3.eu-central-1.s4.mega.io", Product::MegaS4),
            ("s3.localhost.localstack.cloud:4566", Product::LocalStack),
            ("amazonaws.com.example.org", Product::Unknown),
            ("notidrivee2.com", Product::Unknown),
            ("127.0.0.1:9000", Product::Unknown),
            ("[::1]:9000", Product::Unknown),
        ] {
            // What a provider puts in front of its servers is not what they are.
            for server in ["", "nginx", "cloudflare"] {
                assert_eq!(product_of(host, &marks(server, &[], "")), product, "{host}");
            }
        }
    }

    #[test]
    fn elsewhere_answers_tell() {
        let rgw = "tx00000a1b2c3d4e5f60718-0065f1c2d3-1234-default";
        let swift = "tx00000a1b2c3d4e5f60718-0065f1c2d3";
        for (server, names, id, product) in [
            ("SeaweedFS 8000GB 4.48", &[][..], "", Product::SeaweedFs),
            ("MinIO", &[], "", Product::Minio),
            ("RustFS", &[], "", Product::RustFs),
            ("Ceph Object Gateway (squid)", &[], "", Product::Ceph),
            ("nginx", &["x-rgw-object-type"], "", Product::Ceph),
            ("nginx", &[], rgw, Product::Ceph),
            ("nginx", &[], swift, Product::Unknown),
            ("", &["x-openstack-request-id"], swift, Product::Swift),
            ("Garage", &[], "", Product::Garage),
            ("WasabiS3/7.20", &[], "", Product::Wasabi),
            ("VERSITYGW", &[], "", Product::Versity),
            ("ViPR/1.0", &[], "", Product::Ecs),
            ("CloudianS3", &[], "", Product::Cloudian),
            ("nginx", &["x-ntap-sg-trace-id"], "", Product::StorageGrid),
            (
                "TwistedWeb/24.3.0",
                &["x-localstack"],
                "",
                Product::LocalStack,
            ),
            (
                "Werkzeug/3.1.8 Python/3.11.7, amazon.com",
                &[],
                "",
                Product::Moto,
            ),
            ("Werkzeug/3.1.8 Python/3.11.7", &[], "", Product::Unknown),
            ("AmazonS3", &["x-amz-id-2"], "", Product::AmazonS3),
            ("StorageGRID/11.6.0.7", &[], "", Product::StorageGrid),
            ("Cleversafe/3.14.1", &["x-clv-request-id"], "", Product::Ibm),
            ("nginx", &["x-clv-s3-version"], "", Product::Ibm),
            ("OBS", &[], "", Product::Huawei),
            ("Cooperage", &[], "", Product::BuiltIn),
            // A name within another word is none.
            ("Motorola/1.0", &[], "", Product::Unknown),
            ("cephalopod", &[], "", Product::Unknown),
            ("mygarage", &[], "", Product::Unknown),
            ("observer/2", &[], "", Product::Unknown),
            ("nginx", &["x-amz-id-2"], "tx1", Product::Unknown),
        ] {
            let found = product_of("files.example.org", &marks(server, names, id));
            assert_eq!(found, product, "{server} {names:?} {id}");
        }
    }
}
