/**
 * The files of a model folder that may come from anywhere: opened safely, watched for changes, hashed.
 *
 * <p>Start with {@link dev.mme5.weights.file.ModelFolder}, through which every file of a folder is opened. {@link
 * dev.mme5.weights.file.MappedFile} detects writes to a mapped file and verifies it against the digest recorded for it. {@link
 * dev.mme5.weights.file.Sha256} is the one SHA-256 of the project.
 */
package dev.mme5.weights.file;
