//! The calls that a `MemoryS3` knows, those on buckets and tags among them, and the wiring to the `s3s` trait.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};

use s3s::auth::SimpleAuth;
use s3s::dto::*;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

use super::store::{Store, StoredBucket};

/// Builds the server library's service around a store.
pub fn build(store: Arc<Mutex<Store>>) -> S3Service {
    let mut builder = S3ServiceBuilder::new(Service { store });
    builder.set_auth(SimpleAuth::from_single(
        super::ACCESS_KEY,
        super::SECRET_KEY,
    ));
    builder.build()
}

/// Answers calls from the store.
pub struct Service {
    store: Arc<Mutex<Store>>,
}

/// Connects trait methods to the inherent methods of the same name, which return the plain output.
macro_rules! calls {
    ($($name:ident: $input:ident => $output:ident,)*) => {
        impl S3 for Service {
            $(fn $name<'a, 'f>(
                &'a self,
                request: S3Request<$input>,
            ) -> Pin<Box<dyn Future<Output = S3Result<S3Response<$output>>> + Send + 'f>>
            where
                'a: 'f,
                Self: 'f,
            {
                Box::pin(async move { self.$name(request).await.map(S3Response::new) })
            })*
        }
    };
}

calls! {
    abort_multipart_upload: AbortMultipartUploadInput => AbortMultipartUploadOutput,
    complete_multipart_upload: CompleteMultipartUploadInput => CompleteMultipartUploadOutput,
    copy_object: CopyObjectInput => CopyObjectOutput,
    create_bucket: CreateBucketInput => CreateBucketOutput,
    create_multipart_upload: CreateMultipartUploadInput => CreateMultipartUploadOutput,
    delete_bucket: DeleteBucketInput => DeleteBucketOutput,
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
    list_buckets: ListBucketsInput => ListBucketsOutput,
    list_multipart_uploads: ListMultipartUploadsInput => ListMultipartUploadsOutput,
    list_objects: ListObjectsInput => ListObjectsOutput,
    list_objects_v2: ListObjectsV2Input => ListObjectsV2Output,
    list_parts: ListPartsInput => ListPartsOutput,
    put_object: PutObjectInput => PutObjectOutput,
    put_object_tagging: PutObjectTaggingInput => PutObjectTaggingOutput,
    upload_part: UploadPartInput => UploadPartOutput,
    upload_part_copy: UploadPartCopyInput => UploadPartCopyOutput,
}

impl Service {
    /// The store; never held across an await.
    pub fn lock(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap()
    }

    async fn list_buckets(&self, _: S3Request<ListBucketsInput>) -> S3Result<ListBucketsOutput> {
        let buckets = self
            .lock()
            .buckets
            .iter()
            .map(|(name, bucket)| Bucket {
                bucket_region: None,
                creation_date: Some(bucket.created.into()),
                name: Some(name.clone()),
            })
            .collect();
        Ok(ListBucketsOutput {
            buckets: Some(buckets),
            ..Default::default()
        })
    }

    async fn create_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<CreateBucketOutput> {
        let name = request.input.bucket;
        let mut store = self.lock();
        if store.buckets.contains_key(&name) {
            return Err(s3_error!(BucketAlreadyOwnedByYou));
        }
        store.create_bucket(&name);
        Ok(CreateBucketOutput {
            location: Some(format!("/{name}")),
        })
    }

    async fn delete_bucket(
        &self,
        request: S3Request<DeleteBucketInput>,
    ) -> S3Result<DeleteBucketOutput> {
        let mut store = self.lock();
        if !bucket(&mut store, &request.input.bucket)?
            .objects
            .is_empty()
        {
            return Err(s3_error!(BucketNotEmpty));
        }
        store.buckets.remove(&request.input.bucket);
        Ok(DeleteBucketOutput::default())
    }

    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> S3Result<HeadBucketOutput> {
        bucket(&mut self.lock(), &request.input.bucket)?;
        Ok(HeadBucketOutput {
            bucket_region: Some(super::REGION.to_owned()),
            ..Default::default()
        })
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> S3Result<GetBucketLocationOutput> {
        bucket(&mut self.lock(), &request.input.bucket)?;
        Ok(GetBucketLocationOutput::default())
    }

    async fn get_bucket_versioning(
        &self,
        request: S3Request<GetBucketVersioningInput>,
    ) -> S3Result<GetBucketVersioningOutput> {
        bucket(&mut self.lock(), &request.input.bucket)?;
        Ok(GetBucketVersioningOutput::default())
    }

    async fn get_object_tagging(
        &self,
        request: S3Request<GetObjectTaggingInput>,
    ) -> S3Result<GetObjectTaggingOutput> {
        let mut store = self.lock();
        let object = object(&mut store, &request.input.bucket, &request.input.key)?;
        let tag = |(key, value): &(String, String)| Tag {
            key: Some(key.clone()),
            value: Some(value.clone()),
        };
        Ok(GetObjectTaggingOutput {
            tag_set: object.attributes.tags.iter().map(tag).collect(),
            version_id: None,
        })
    }

    async fn put_object_tagging(
        &self,
        request: S3Request<PutObjectTaggingInput>,
    ) -> S3Result<PutObjectTaggingOutput> {
        let mut store = self.lock();
        let object = object(&mut store, &request.input.bucket, &request.input.key)?;
        let pair = |tag: Tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
        object.attributes.tags = request
            .input
            .tagging
            .tag_set
            .into_iter()
            .map(pair)
            .collect();
        Ok(PutObjectTaggingOutput::default())
    }

    async fn delete_object_tagging(
        &self,
        request: S3Request<DeleteObjectTaggingInput>,
    ) -> S3Result<DeleteObjectTaggingOutput> {
        let mut store = self.lock();
        let object = object(&mut store, &request.input.bucket, &request.input.key)?;
        object.attributes.tags.clear();
        Ok(DeleteObjectTaggingOutput::default())
    }
}

/// A bucket, or `NoSuchBucket`.
pub fn bucket<'a>(store: &'a mut Store, name: &str) -> S3Result<&'a mut StoredBucket> {
    store
        .buckets
        .get_mut(name)
        .ok_or_else(|| s3_error!(NoSuchBucket))
}

/// An object, or `NoSuchBucket` or `NoSuchKey`.
pub fn object<'a>(
    store: &'a mut Store,
    name: &str,
    key: &str,
) -> S3Result<&'a mut super::StoredObject> {
    bucket(store, name)?
        .objects
        .get_mut(key)
        .ok_or_else(|| s3_error!(NoSuchKey))
}
