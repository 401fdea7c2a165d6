package dev.mme5.server.queue;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A pass of the model, in the JDK's flight recorder. */
@Name("dev.mme5.Pass")
@Label("Pass")
@Category("mme5")
@Description("Inputs of one or more requests, embedded together")
@StackTrace(false)
final class PassEvent extends Event {
    @Label("Requests")
    int requests;

    @Label("Inputs")
    int inputs;

    @Label("Images")
    int images;

    @Label("Tokens")
    long tokens;
}
