package dev.mme5.spark;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;

/** Closes the models of the driver's JVM, which has some in local mode, when the application ends. Executors end with it. */
final class ClosingListener extends SparkListener {
    private static final Set<SparkContext> LISTENED = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private ClosingListener() {}

    static void addTo(SparkContext context) {
        if (LISTENED.add(context)) context.addSparkListener(new ClosingListener());
    }

    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd end) {
        SharedModels.ofThisJvm().closeAll();
    }
}
