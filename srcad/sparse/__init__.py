"""Sparse Jacobians and Hessians: their patterns found at run time, their columns coloured, and few sweeps for all.

    J(x)  =  detect -> colour -> a sweep a colour -> read the entries off      ->      scipy.sparse.csr_array
"""

from srcad.sparse.matrices import SparseHessian, SparseJacobian

__all__ = ["SparseHessian", "SparseJacobian"]
