//! Which product answers, by its host name and by what only that product sends.

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
fn of_host(host: &str) -> Option<Product> {
    const ENDINGS: [(&str, Product); 20] = [
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
    ENDINGS
        .iter()
        .find(|(ending, _)| name.ends_with(ending))
        .map(|(_, product)| *product)
}

/// What servers call themselves, and headers of their own.
fn of_marks(marks: &ServerMarks) -> Option<Product> {
    const NAMES: [(&str, Product); 18] = [
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
        ("localstack", Product::LocalStack),
        ("rclone", Product::Rclone),
        ("werkzeug", Product::Moto),
        ("moto", Product::Moto),
    ];
    const HEADERS: [(&str, Product); 6] = [
        ("x-rgw-", Product::Ceph),
        ("x-minio-", Product::Minio),
        ("x-rustfs-", Product::RustFs),
        ("x-guploader-", Product::Gcs),
        ("x-goog-", Product::Gcs),
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
    // RGW numbers its requests so, and often stands behind a web server that hides its name.
    let of_request_id = || {
        let id = marks.request_id.as_deref()?;
        let digits = id.strip_prefix("tx")?.split('-').next()?;
        let is_rgw = digits.len() >= 20 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_rgw.then_some(Product::Ceph)
    };
    let server = marks.server.as_deref().unwrap_or_default().to_lowercase();
    NAMES
        .iter()
        .find(|(name, _)| server.contains(name))
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
    fn products_are_known_by_host_name_and_marks() {
        let rgw = "tx00000a1b2c3d4e5f60718-0065f1c2d3-1234-default";
        for (host, server, names, id, product) in [
            (
                "b.s3.eu-west-1.amazonaws.com",
                "",
                &[][..],
                "",
                Product::AmazonS3,
            ),
            (
                "s3.cn-north-1.amazonaws.com.cn",
                "",
                &[],
                "",
                Product::AmazonS3,
            ),
            (
                "acc.r2.cloudflarestorage.com",
                "cloudflare",
                &[],
                "",
                Product::R2,
            ),
            (
                "s3.us-west-004.backblazeb2.com:443",
                "nginx",
                &[],
                "",
                Product::B2,
            ),
            (
                "storage.googleapis.com",
                "UploadServer",
                &[],
                "",
                Product::Gcs,
            ),
            (
                "127.0.0.1:8333",
                "SeaweedFS 30GB 4.0",
                &[],
                "",
                Product::SeaweedFs,
            ),
            ("minio:9000", "MinIO", &[], "", Product::Minio),
            (
                "files.example.org",
                "nginx",
                &["x-rgw-object-type"],
                "",
                Product::Ceph,
            ),
            ("files.example.org", "nginx", &[], rgw, Product::Ceph),
            (
                "files.example.org",
                "WasabiS3/7.20",
                &[],
                "",
                Product::Wasabi,
            ),
            (
                "amazonaws.com.example.org",
                "nginx",
                &["x-amz-id-2"],
                "tx1",
                Product::Unknown,
            ),
            ("[::1]:9000", "", &[], "", Product::Unknown),
        ] {
            let found = product_of(host, &marks(server, names, id));
            assert_eq!(found, product, "{host} {server}");
        }
    }
}
