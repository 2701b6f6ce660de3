package dev.procpool;

/** Something that users do with a pool, and what they may expect. */
@FunctionalInterface
public interface Scenario {
    /** Runs it in a world of its own. */
    void run(World world) throws Throwable;

    /** Runs it once, to its end. */
    default void play() throws Throwable {
        World world = new World();
        run(world);
        world.end();
    }
}
