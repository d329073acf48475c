# Letters: a subject, a text. They name nobody before both agreed, and hold no words of a need.
