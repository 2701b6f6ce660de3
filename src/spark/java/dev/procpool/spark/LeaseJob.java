package dev.procpool.spark;

import java.io.Serializable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** What Spark runs on an executor: the one function of ours that travels by Spark's own means. */
final class LeaseJob extends AbstractFunction1<Iterator<Long>, BoxedUnit> implements Serializable {
    private final String endpoint;

    /** Made for an endpoint of the driver; the partition's one element is the number of the lease. */
    LeaseJob(String endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public BoxedUnit apply(Iterator<Long> lease) {
        LeaseLoop.run(endpoint, lease.next());
        return BoxedUnit.UNIT;
    }
}
