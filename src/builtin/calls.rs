//! The S3 calls that the built-in bucket answers: the wiring to the server library, and the calls on the bucket itself.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use s3s::dto::*;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

use super::failure::{disk, off_thread};
use super::folder::Folder;
use super::record::Record;
use super::{BUCKET, REGION};

/// Answers calls from the folder.
pub(super) struct Calls {
    pub(super) folder: Arc<Folder>,
}

/// An answer of the server library's trait.
type Answer<'f, T> = Pin<Box<dyn Future<Output = S3Result<S3Response<T>>> + Send + 'f>>;

/// Connects each trait method to the inherent method of the same name, which returns the plain output; calls on a bucket
/// that does not exist end before.
macro_rules! calls {
    ($($name:ident: $input:ident => $output:ident,)*) => {
        impl S3 for Calls {
            fn list_buckets<'a, 'f>(
                &'a self,
                _: S3Request<ListBucketsInput>,
            ) -> Answer<'f, ListBucketsOutput>
            where
                'a: 'f,
                Self: 'f,
            {
                Box::pin(async move { self.list_buckets().map(S3Response::new) })
            }

            $(fn $name<'a, 'f>(&'a self, request: S3Request<$input>) -> Answer<'f, $output>
            where
                'a: 'f,
                Self: 'f,
            {
                Box::pin(async move {
                    if request.input.bucket != BUCKET {
                        return Err(s3_error!(NoSuchBucket));
                    }
                    self.$name(request).await.map(S3Response::new)
                })
            })*
        }
    };
}

calls! {
    abort_multipart_upload: AbortMultipartUploadInput => AbortMultipartUploadOutput,
    complete_multipart_upload: CompleteMultipartUploadInput => CompleteMultipartUploadOutput,
    copy_object: CopyObjectInput => CopyObjectOutput,
    create_multipart_upload: CreateMultipartUploadInput => CreateMultipartUploadOutput,
    delete_object: DeleteObjectInput => DeleteObjectOutput,
    delete_object_tagging: DeleteObjectTaggingInput => DeleteObjectTaggingOutput,
    delete_objects: DeleteObjectsInput => DeleteObjectsOutput,
    get_bucket_location: GetBucketLocationInput => GetBucketLocationOutput,
    get_bucket_versioning: GetBucketVersioningInput => GetBucketVersioningOutput,
    get_object: GetObjectInput => GetObjectOutput,
    get_object_attributes: GetObjectAttributesInput => GetObjectAttributesOutput,
    get_object_tagging: GetObjectTaggingInput => GetObjectTaggingOutput,
    head_bucket: HeadBucketInput => HeadBucketOutput,
    head_object: HeadObjectInput => HeadObjectOutput,
    list_multipart_uploads: ListMultipartUploadsInput => ListMultipartUploadsOutput,
    list_objects: ListObjectsInput => ListObjectsOutput,
    list_objects_v2: ListObjectsV2Input => ListObjectsV2Output,
    list_parts: ListPartsInput => ListPartsOutput,
    put_object: PutObjectInput => PutObjectOutput,
    put_object_tagging: PutObjectTaggingInput => PutObjectTaggingOutput,
    upload_part: UploadPartInput => UploadPartOutput,
    upload_part_copy: UploadPartCopyInput => UploadPartCopyOutput,
}

impl Calls {
    /// Runs disk work on the blocking pool.
    pub(super) async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> S3Result<T> + Send + 'static,
    ) -> S3Result<T> {
        let folder = self.folder.clone();
        off_thread(move || work(&folder)).await
    }

    fn list_buckets(&self) -> S3Result<ListBucketsOutput> {
        let made = std::fs::metadata(self.folder.files()).map_err(disk)?;
        let made = made.created().or_else(|_| made.modified());
        let bucket = Bucket {
            name: Some(BUCKET.to_owned()),
            creation_date: made.ok().map(Timestamp::from),
            bucket_region: Some(REGION.to_owned()),
        };
        Ok(ListBucketsOutput {
            buckets: Some(vec![bucket]),
            ..Default::default()
        })
    }

    async fn head_bucket(&self, _: S3Request<HeadBucketInput>) -> S3Result<HeadBucketOutput> {
        Ok(HeadBucketOutput {
            bucket_region: Some(REGION.to_owned()),
            ..Default::default()
        })
    }

    /// An empty answer means us-east-1.
    async fn get_bucket_location(
        &self,
        _: S3Request<GetBucketLocationInput>,
    ) -> S3Result<GetBucketLocationOutput> {
        Ok(GetBucketLocationOutput::default())
    }

    /// An empty answer means that there never were versions.
    async fn get_bucket_versioning(
        &self,
        _: S3Request<GetBucketVersioningInput>,
    ) -> S3Result<GetBucketVersioningOutput> {
        Ok(GetBucketVersioningOutput::default())
    }

    async fn get_object_tagging(
        &self,
        request: S3Request<GetObjectTaggingInput>,
    ) -> S3Result<GetObjectTaggingOutput> {
        let key = request.input.key;
        let record = self.on_disk(move |folder| present(folder, &key)).await?;
        let tag = |(key, value)| Tag {
            key: Some(key),
            value: Some(value),
        };
        Ok(GetObjectTaggingOutput {
            tag_set: record.attributes.tags.into_iter().map(tag).collect(),
            version_id: None,
        })
    }

    async fn put_object_tagging(
        &self,
        request: S3Request<PutObjectTaggingInput>,
    ) -> S3Result<PutObjectTaggingOutput> {
        let input = request.input;
        let pair = |tag: Tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
        let tags = input.tagging.tag_set.into_iter().map(pair).collect();
        self.set_tags(input.key, tags).await?;
        Ok(PutObjectTaggingOutput::default())
    }

    async fn delete_object_tagging(
        &self,
        request: S3Request<DeleteObjectTaggingInput>,
    ) -> S3Result<DeleteObjectTaggingOutput> {
        self.set_tags(request.input.key, Vec::new()).await?;
        Ok(DeleteObjectTaggingOutput::default())
    }

    async fn set_tags(&self, key: String, tags: Vec<(String, String)>) -> S3Result<()> {
        if tags.len() > 10 {
            return Err(s3_error!(
                InvalidArgument,
                "Object tags cannot be greater than 10"
            ));
        }
        self.on_disk(move |folder| {
            let lock = folder.lock().map_err(disk)?;
            let mut record = present(folder, &key)?;
            record.attributes.tags = tags;
            folder.write_sheet(&lock, &key, record, None).map_err(disk)
        })
        .await
    }
}

/// What is known of an object, or `NoSuchKey`.
pub(super) fn present(folder: &Folder, key: &str) -> S3Result<Record> {
    let record = folder.describe(key).map_err(disk)?;
    record.ok_or_else(|| s3_error!(NoSuchKey))
}
