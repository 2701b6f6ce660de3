package dev.procpool.lab.measure;

/**
 * What is measured, again and again, each time in a fresh JVM.
 *
 * @param experiment the question it helps to answer
 * @param job name of the job
 * @param executor name of the executor or other contestant
 * @param workers how many tasks run at the same time
 * @param count tasks in a batch
 * @param size size of a task: bytes, or nanoseconds for the job "spin"
 * @param provider who computes RC4 and SHA-256: "bc" or "jdk"; empty for other jobs
 */
public record Configuration(
        Experiment experiment, String job, String executor, int workers, int count, long size, String provider) {
    /** For messages: the job, the executor and the workers. */
    public String describe() {
        return job + " on " + executor + " with " + workers + (workers == 1 ? " worker" : " workers");
    }

    /** How many JVMs of their own its workers are, each for many tasks: none where the measuring JVM runs the tasks. */
    public int workerJvms() {
        return executor.equals("processes") || executor.equals("spark") ? workers : 0;
    }
}
