import dev.procpool.ProcessPoolExecutor
import java.util.concurrent.Callable

class Task implements Callable<Integer>, Serializable {
    Integer call() { 42 }
}

def pool = ProcessPoolExecutor.create(1)
try {
    println "demo: " + pool.submit((Callable) new Task()).get()
} finally {
    pool.close()
}
