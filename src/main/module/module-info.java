/** A process pool for the JVM; {@link dev.procpool.ProcessPoolExecutor} is where to begin. */
module dev.procpool {
    requires java.management; // for the options of this JVM
    requires org.apache.commons.exec;
    requires static org.jspecify; // annotations, which nobody needs to compile against this module, or to run it

    exports dev.procpool;
}
