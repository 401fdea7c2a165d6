/** Building blocks that the vision tower and the text decoder share. */
package dev.mme5.engine.nn;
