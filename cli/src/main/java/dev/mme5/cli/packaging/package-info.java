/**
 * {@code mme5 package}: {@link dev.mme5.cli.packaging.PackageBuilder} makes a folder that runs without a JDK from the {@link
 * dev.mme5.cli.packaging.Installation} of this process.
 */
package dev.mme5.cli.packaging;
