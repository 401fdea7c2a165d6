package dev.mme5.spring.boot;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** Flags of the JVM on which the speed depends. A program cannot add them to itself, so they can only be asked for. */
final class JvmFlags {
    static final String ADD_VECTOR_MODULE = "--add-modules jdk.incubator.vector";
    static final String HOW_TO_ADD = "java -jar: start with JDK_JAVA_OPTIONS=\"" + ADD_VECTOR_MODULE + "\" in the environment, or with "
            + ADD_VECTOR_MODULE + " before -jar. mvn spring-boot:run: set spring-boot.run.jvmArguments. An image of a buildpack: set "
            + "JAVA_TOOL_OPTIONS. A manifest cannot name modules.";

    private static final int LAST_LEVEL = 4;

    private JvmFlags() {}

    static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** Whether the JVM never compiles with its optimising compiler: -XX:TieredStopAtLevel=1 and the like. Unknown JVMs do. */
    static boolean isOptimizingCompilerOff() {
        try {
            HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return hotSpot != null && Integer.parseInt(hotSpot.getVMOption("TieredStopAtLevel").getValue()) < LAST_LEVEL;
        } catch (IllegalArgumentException | LinkageError e) {
            return false;   // a JVM without this flag, or a runtime image without jdk.management
        }
    }
}
