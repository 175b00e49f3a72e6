//! Amazon's regions: names for the drop-down, places for people, and which rules hold where.

/// Name and place, in the order of the drop-down.
pub const REGIONS: &[(&str, &str)] = &[
    ("us-east-1", "N. Virginia"),
    ("us-east-2", "Ohio"),
    ("us-west-1", "N. California"),
    ("us-west-2", "Oregon"),
    ("af-south-1", "Cape Town"),
    ("ap-east-1", "Hong Kong"),
    ("ap-east-2", "Taipei"),
    ("ap-northeast-1", "Tokyo"),
    ("ap-northeast-2", "Seoul"),
    ("ap-northeast-3", "Osaka"),
    ("ap-south-1", "Mumbai"),
    ("ap-south-2", "Hyderabad"),
    ("ap-southeast-1", "Singapore"),
    ("ap-southeast-2", "Sydney"),
    ("ap-southeast-3", "Jakarta"),
    ("ap-southeast-4", "Melbourne"),
    ("ap-southeast-5", "Malaysia"),
    ("ap-southeast-6", "New Zealand"),
    ("ap-southeast-7", "Thailand"),
    ("ca-central-1", "Canada, Central"),
    ("ca-west-1", "Calgary"),
    ("eu-central-1", "Frankfurt"),
    ("eu-central-2", "Zurich"),
    ("eu-north-1", "Stockholm"),
    ("eu-south-1", "Milan"),
    ("eu-south-2", "Spain"),
    ("eu-west-1", "Ireland"),
    ("eu-west-2", "London"),
    ("eu-west-3", "Paris"),
    ("il-central-1", "Tel Aviv"),
    ("me-central-1", "UAE"),
    ("me-south-1", "Bahrain"),
    ("mx-central-1", "Mexico, Central"),
    ("sa-east-1", "São Paulo"),
    ("us-gov-east-1", "GovCloud, East"),
    ("us-gov-west-1", "GovCloud, West"),
    ("cn-north-1", "Beijing"),
    ("cn-northwest-1", "Ningxia"),
];

/// The names alone.
pub const NAMES: &[&str] = &{
    let mut names = [""; REGIONS.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = REGIONS[index].0;
        index += 1;
    }
    names
};

/// Where a region is: `Ireland` for `eu-west-1`.
#[must_use]
pub fn place(region: &str) -> Option<&'static str> {
    REGIONS
        .iter()
        .find(|(name, _)| *name == region)
        .map(|(_, place)| *place)
}

/// True where boto3 still signs links with version 2 when nobody says otherwise: no region, the eight oldest,
/// `aws-global` and GovCloud.
#[must_use]
pub fn links_default_to_v2(region: Option<&str>) -> bool {
    matches!(
        region,
        None | Some(
            "us-east-1"
                | "us-west-1"
                | "us-west-2"
                | "eu-west-1"
                | "ap-northeast-1"
                | "ap-southeast-1"
                | "ap-southeast-2"
                | "sa-east-1"
                | "aws-global"
                | "us-gov-west-1"
                | "us-gov-east-1"
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_once_and_have_a_place() {
        for (index, name) in NAMES.iter().enumerate() {
            assert!(place(name).is_some());
            assert!(!NAMES[..index].contains(name), "{name} twice");
        }
        assert_eq!(place("eu-west-1"), Some("Ireland"));
        assert!(links_default_to_v2(None) && !links_default_to_v2(Some("eu-central-1")));
    }
}
